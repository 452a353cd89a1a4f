import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { reporting, type Violation } from '../../simulation/checkers/violation.js';
import type { Sent } from '../round-robin.js';

/**
 * The promise to clients: an acknowledged write is in the log once, as requested; a refused write has left nothing; one
 * with unknown outcome is there once or not at all.
 */
export function checkAcknowledged(events: readonly RecordedEvent[], sent: readonly Sent[]): Violation[] {
  const { violations, report } = reporting('writes take effect once, and when acknowledged');
  const byRequest = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const { correlation_id } = event.metadata;
    byRequest.set(correlation_id, [...(byRequest.get(correlation_id) ?? []), event]);
  }
  for (const { id, method, path, body, status, answer, failure } of sent) {
    if (method === 'GET') continue;
    const own = byRequest.get(id) ?? [];
    const effects = own.filter((event) => isEffect(event, { method, path, body }));
    const what = `${method} ${path} ${JSON.stringify(body ?? {})} (${failure ?? status}, request ${id})`;
    const cronId = path.split('/')[1];
    if (effects.length > 1) report(`${what} took effect ${effects.length} times`, cronId);
    if (failure !== undefined || status === undefined) continue;
    if (status >= 400) {
      if (own.length > 0) report(`${what} has left ${own.map(({ type }) => type).join()}`, cronId);
      continue;
    }
    const [effect] = effects;
    if (effect === undefined) report(`${what} is missing`, cronId);
    else if (!isAnswer(effect, answer))
      report(`${what} was answered with ${JSON.stringify(answer)}, not with its effect`, cronId);
  }
  return violations;
}

type Request = Pick<Sent, 'method' | 'path' | 'body'>;

function isEffect({ type, stream, data }: RecordedEvent, { method, path, body }: Request): boolean {
  if (method === 'POST' && path === '') return type === 'CronJobScheduled' && data.name === body?.name;
  if (stream !== `cronJob-${path.split('/')[1]}`) return false;
  if (method === 'DELETE') return type === 'CronJobDeleted';
  if (method === 'PUT')
    return type === 'CronJobUpdated' && (data.changes as { name?: unknown }).name === body?.name;
  return type === 'RunStarted' && data.slot === null && data.dry_run === body?.dry_run;
}

function isAnswer({ type, data }: RecordedEvent, answer: any): boolean {
  return type === 'RunStarted' ? answer.run_id === data.run_id : answer.id === data.cron_id;
}
