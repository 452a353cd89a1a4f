import { fileURLToPath } from 'node:url';
import type { App } from '../service/app.js';
import { importCertifications } from '../import/import-certifications.js';
import { DomainError } from '../job/domain-error.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/certifications.csv', import.meta.url));
/** A fixed id, so that the examples of the README can be pasted as they stand. */
const CRON_ID = 'cron-001';
const JOB = { name: 'nightly_expiry_check', cron_expression: '0 2 * * *', enabled: true };

/** Puts the example's certifications into an empty registry. */
export async function importExample({ registry, clock }: App['adapters']): Promise<void> {
  if ((await registry.count()) > 0) return;
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

/** Creates the example's job, unless there is one. @returns the id of the first job, if any is left */
export async function createExampleJob({ commands, adapters }: App): Promise<string | undefined> {
  const cause = { actor: 'demo', correlation_id: adapters.ids.uuid(), causation_id: null };
  try {
    await commands.handleAndProject({
      cronId: CRON_ID,
      command: { type: 'ScheduleCronJob', config: JOB },
      cause,
    });
    return CRON_ID;
  } catch (error) {
    // An earlier demo has created it; since then it may have been deleted.
    if (!(error instanceof DomainError && error.code === 'cron_id_taken')) throw error;
    return (await adapters.store.listJobs({ offset: 0, limit: 1 })).jobs[0]?.cron_id;
  }
}
