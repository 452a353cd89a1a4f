import { fileURLToPath } from 'node:url';
import type { App } from '../service/app.js';
import { importCertifications } from '../import/import-certifications.js';
import { DomainError } from '../job/domain-error.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/certifications.csv', import.meta.url));
/** The first one is that of the README, whose examples can be pasted as they stand. */
const exampleId = (number: number): string => `cron-${String(number).padStart(3, '0')}`;
const JOB = { name: 'nightly_expiry_check', cron_expression: '0 2 * * *', enabled: true };

/** Puts the example's certifications into an empty registry. */
export async function importExample({ registry, clock }: App['adapters']): Promise<void> {
  if ((await registry.summary()).total > 0) return;
  await importCertifications(registry, {
    file: EXAMPLE,
    replace: false,
    source: 'example',
    now: clock.now(),
    onBadLine: (line, reason) => {
      throw new Error(`${EXAMPLE}, line ${line}: ${reason}`);
    },
    onProgress: () => undefined,
  });
}

/** The example's job, after a start of the demo. */
export interface ExampleJob {
  cronId: string;
  /** Ids that it has had before it was deleted. */
  deleted: readonly string[];
}

/** Creates the example's job, unless there is one: under the first id that no job has had, for none is used twice. */
export async function createExampleJob({ commands, fold, adapters: { ids } }: App): Promise<ExampleJob> {
  const cause = { actor: 'demo', correlation_id: ids.uuid(), causation_id: null };
  const deleted: string[] = [];
  for (;;) {
    const cronId = exampleId(deleted.length + 1);
    try {
      await commands.handleAndProject({ cronId, command: { type: 'ScheduleCronJob', config: JOB }, cause });
      return { cronId, deleted };
    } catch (error) {
      // An earlier demo has created it; since then it may have been deleted. The fold is as new as the refusal.
      if (!(error instanceof DomainError && error.code === 'cron_id_taken')) throw error;
      if (fold.get(cronId)?.job.deleted === false) return { cronId, deleted };
      deleted.push(cronId);
    }
  }
}
