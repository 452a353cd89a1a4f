import type { Config } from '../config/config.js';
import type { RunResult } from '../events/job-events.js';
import { expiryDayOf, localDayOf } from '../expiry-check/expiry-day.js';
import type { DueReminder } from '../expiry-check/reminder-due.js';
import { reminderRow } from '../http/people-bodies.js';
import { SECONDS_PER_DAY } from '../schedule/civil-time.js';
import { dateText } from '../schedule/local-times.js';
import { textTable } from './text-table.js';
import { withOutlook } from './with-outlook.js';

export interface ForecastOptions {
  /** A date; today, in the zone of the job, when left out. */
  on?: string;
  /** One JSON document in place of the table. */
  json: boolean;
}

/** Rows of a table are as wide as the widest of so many. */
const ROWS_A_TABLE = 1_000;

/**
 * `forecast JOB`: whom a run would remind, on standard output. Rows are written as they are found.
 * @throws StoreError; an error when there is no such job
 */
export async function forecastCommand(
  config: Config,
  cronId: string,
  { on: given, json }: ForecastOptions,
): Promise<void> {
  await withOutlook(config, async (outlook, now) => {
    const job = await outlook.job(cronId);
    if (job === undefined) throw new Error(`there is no cron job ${cronId}`);
    const { name, time_zone } = job.config;
    const on = given ?? dateText(localDayOf(now, time_zone) * SECONDS_PER_DAY);
    const about = { cron_id: cronId, name, time_zone, on };
    const printer = (json ? printJson : printTable)(about, (text) => process.stdout.write(text));
    const { onReminder } = printer;
    const result = await outlook.forecast(job, {
      day: expiryDayOf(on, 'UTC'),
      onReminder,
      goOn: () => undefined,
    });
    printer.end(result);
  });
}

export interface ForecastPrinter {
  onReminder: (reminder: DueReminder) => void;
  end: (result: RunResult) => void;
}

interface About {
  cron_id: string;
  name: string;
  time_zone: string;
  on: string;
}

type Print = (text: string) => void;

export function printTable({ cron_id, name, time_zone, on }: About, print: Print): ForecastPrinter {
  let rows: (string | number)[][] = [];
  const flush = (): void => {
    const head = ['mentor', 'certification', 'type', 'expires', 'days left', 'threshold'];
    if (rows.length > 0) print(textTable(head, rows));
    rows = [];
  };
  print(`${cron_id} ${JSON.stringify(name)}, a run on ${on} (${time_zone})\n\n`);
  return {
    onReminder({ mentor_id, certification_id, type, expires_at, days_left, threshold_days }) {
      rows.push([mentor_id, certification_id, type ?? '-', expires_at, days_left, threshold_days]);
      if (rows.length === ROWS_A_TABLE) flush();
    },
    end(result) {
      flush();
      print(`${resultLines(result).join('\n')}\n`);
    },
  };
}

function resultLines(result: RunResult): string[] {
  const { reminders_sent, records_checked, mentors_checked, errors, reasons, warnings } = result;
  const counted = Object.entries(reasons ?? {}).filter(([, count]) => count > 0);
  return [
    `reminders ${reminders_sent}; records ${records_checked ?? 0} of ${mentors_checked} mentors, unreadable ${errors}`,
    ...(counted.length === 0
      ? []
      : [`not reminded: ${counted.map(([reason, count]) => `${reason} ${count}`).join(', ')}`]),
    ...warnings.map(({ code, ...numbers }) => {
      const facts = Object.entries(numbers).map(([name, value]) => ` ${name} ${String(value)}`);
      return `warning: ${code}${facts.join(',')}`;
    }),
  ];
}

export function printJson(about: About, print: Print): ForecastPrinter {
  let separator = '';
  print(`${JSON.stringify(about).slice(0, -1)},"data":[`);
  return {
    onReminder(reminder) {
      print(`${separator}\n${JSON.stringify(reminderRow(reminder))}`);
      separator = ',';
    },
    end(result) {
      print(`\n],"result":${JSON.stringify(result)}}\n`);
    },
  };
}
