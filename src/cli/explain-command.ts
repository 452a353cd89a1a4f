import type { Config } from '../config/config.js';
import type { Explanation } from '../expiry-check/explain.js';
import { recordBody } from '../http/people-bodies.js';
import { printable } from './printable.js';
import { textTable } from './text-table.js';
import { withOutlook } from './with-outlook.js';

/**
 * `explain CERTIFICATION`: its record, its reminders, and what each job will do, on standard output.
 * @throws StoreError; an error when the registry has no such record
 */
export async function explainCommand(
  config: Config,
  certificationId: string,
  { json }: { json: boolean },
): Promise<void> {
  await withOutlook(config, async (outlook) => {
    const explained = await outlook.explain(certificationId, await outlook.jobs());
    if (explained === undefined)
      throw new Error(`the registry has no certification ${JSON.stringify(certificationId)}`);
    process.stdout.write(json ? explanationDocument(explained) : explanationText(explained));
  });
}

export function explanationDocument({ record, reminders, jobs }: Explanation): string {
  return `${JSON.stringify({ ...recordBody(record), reminders, jobs }, undefined, 2)}\n`;
}

export function explanationText({ record, reminders, jobs }: Explanation): string {
  const { unreadable, ...fields } = recordBody(record);
  const shown = Object.entries(fields).map(([name, value]) => [
    name,
    printable((typeof value === 'object' && value !== null ? value.join(' | ') : value) ?? '-'),
  ]);
  const parts = [textTable(['certification', ''], shown)];
  if (unreadable !== null) parts.push(`no run can read it:\n${unreadable}\n`);
  const asked = reminders.map((one) => [
    one.requested_at,
    one.expires_at,
    one.days_left,
    one.threshold_days,
    one.cron_id,
    one.run_id,
  ]);
  parts.push(
    asked.length === 0
      ? 'no reminder was asked for\n'
      : textTable(['reminder asked for at', 'expiry then', 'days left', 'threshold', 'job', 'run'], asked),
  );
  const outlooks = jobs.map(({ cron_id, name, next_reminder, reason, superseded_by }) => [
    cron_id,
    name,
    next_reminder?.date ?? '-',
    next_reminder?.threshold_days ?? '-',
    reason ?? 'would be reminded',
    superseded_by ?? '-',
  ]);
  if (outlooks.length > 0)
    parts.push(
      textTable(['job', 'name', 'next reminder', 'threshold', 'a run today', 'renewed by'], outlooks),
    );
  return parts.join('\n');
}
