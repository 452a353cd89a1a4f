import type { RecordedEvent } from '../../../src/ports/event-log.js';
import type { ClientRequest, History } from '../history.js';
import { reporting, type Violation } from './violation.js';

const EFFECTS: Record<ClientRequest['kind'], string> = {
  create: 'CronJobScheduled',
  update: 'CronJobUpdated',
  enable: 'CronJobUpdated',
  disable: 'CronJobUpdated',
  delete: 'CronJobDeleted',
  trigger: 'RunStarted',
  'dry run': 'RunStarted',
  cancel: 'RunCompleted',
  restore: 'CronJobRestored',
  revert: 'CronJobUpdated',
};

/**
 * The promises to clients: an acknowledged command is in the log once; a refused one is not; one with unknown outcome
 * is there once or not at all, however often it was tried.
 */
export function checkCommands(events: readonly RecordedEvent[], { requests }: History): Violation[] {
  const { violations, report } = reporting('commands take effect once, and when acknowledged');
  const byCorrelation = new Map<string, RecordedEvent[]>();
  const everHad = new Set<string>();
  for (const event of events) {
    const { type, stream, data } = event;
    const config = type === 'CronJobScheduled' ? data : type === 'CronJobUpdated' ? data.changes : {};
    for (const [field, value] of Object.entries(config as object)) everHad.add(valueOf(stream, field, value));
    const { correlation_id } = event.metadata;
    byCorrelation.set(correlation_id, [...(byCorrelation.get(correlation_id) ?? []), event]);
  }
  for (const { correlation_id, cronId, kind, changes, answer, eventIds } of requests) {
    const own = byCorrelation.get(correlation_id) ?? [];
    const at = own.at(-1)?.recorded_at;
    const effects = own.filter(
      ({ type, data }) =>
        type === EFFECTS[kind] &&
        (type !== 'RunStarted' || data.slot === null) &&
        // A command also times out runs that are overdue.
        (type !== 'RunCompleted' || (data.error as { code?: string } | null)?.code === 'cancelled'),
    );
    const what = `${kind} (${answer})`;
    if (effects.length > 1) report(`${what} took effect ${effects.length} times`, cronId, at);
    if (answer === 'refused' && own.length > 0) report(`${what} has left ${own.length} events`, cronId, at);
    if (answer !== 'acknowledged') continue;
    const found = own.map(({ id }) => id);
    if (found.join() !== eventIds.join())
      report(
        `${what} was answered with ${eventIds.length} events, ${found.length} are in the log`,
        cronId,
        at,
      );
    if (effects.length > 0) continue;
    // A change to the values already set writes nothing; then the job must have had them.
    const known = Object.entries(changes).every(([field, value]) =>
      everHad.has(valueOf(`cronJob-${cronId}`, field, value)),
    );
    if (EFFECTS[kind] !== 'CronJobUpdated' || !known) report(`${what} has left nothing`, cronId, at);
  }
  return violations;
}

function valueOf(stream: string, field: string, value: unknown): string {
  return `${stream} ${field} ${JSON.stringify(value)}`;
}
