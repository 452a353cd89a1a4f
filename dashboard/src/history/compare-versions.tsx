import { answerOf, api, type Schemas } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { hrefOf } from '../place/parse-place.js';
import { Instant } from '../show/instant.js';
import { LoadState } from '../show/load-state.js';
import { SettingDiffs } from './setting-diffs.js';

interface CompareVersionsProps {
  job: Schemas['ShownJob'];
  query: Readonly<Record<string, string>>;
  /** A version or a time. */
  from: string;
  /** Undefined: as it is now. */
  to: string | undefined;
}

/** What differs between two versions of a job, which stand in the address. */
export function CompareVersions({ job, query, from, to }: CompareVersionsProps) {
  const { id, time_zone: zone } = job;
  const diff = useLoaded(
    `diff ${id} ${from} ${to ?? ''}`,
    (signal) =>
      answerOf(
        api.GET('/api/v1/certification-cron/{id}/diff', {
          params: { path: { id }, query: { from, ...(to && { to }) } },
          signal,
        }),
      ),
    (event) => to === undefined && event.cron_id === id,
  );
  return (
    <section class="card" aria-label="Comparison">
      <LoadState of={diff}>
        {({ from: one, to: other, changes }) => (
          <>
            <div class="row spread">
              <h2>
                Version {one.version} and {to === undefined ? `today’s, ${other.version}` : other.version}
              </h2>
              <a href={hrefOf(['jobs', id, 'history'], { ...query, from: undefined, to: undefined })}>
                End the comparison
              </a>
            </div>
            <p>
              <Instant at={one.as_of} zone={zone} /> and <Instant at={other.as_of} zone={zone} />
            </p>
            {changes.length === 0 ? (
              <p>All settings are the same.</p>
            ) : (
              <SettingDiffs
                changes={changes}
                titles={[`Version ${one.version}`, `Version ${other.version}`]}
              />
            )}
            {to === undefined && (
              <p class="quiet">
                Choose another version below to compare version {one.version} with that one.
              </p>
            )}
          </>
        )}
      </LoadState>
    </section>
  );
}
