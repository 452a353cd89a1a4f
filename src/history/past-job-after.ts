import type { DomainEvent } from '../events/parse-event.js';
import type { JobDocument } from '../ports/read-models.js';
import { jobsProjection, withoutRequests } from '../projections/jobs.js';
import type { EventPlace } from '../projections/projection.js';
import type { ParseOptions } from '../schedule/cron-expression.js';

/**
 * How a job as it was goes on with an event. Snapshots do not have its requests under a key, so no job as it was has any,
 * wherever its folding has begun. Pure.
 */
export function pastJobAfter(options: ParseOptions) {
  const jobs = jobsProjection(options);
  return (
    document: JobDocument | undefined,
    event: DomainEvent,
    place: EventPlace,
  ): JobDocument | undefined => {
    const after = jobs.evolve(document, event, place);
    return after && withoutRequests(after);
  };
}
