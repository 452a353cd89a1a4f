import { useEffect } from 'preact/hooks';
import { answerOf, api, type Schemas } from '../api/client.js';
import { may } from '../api/session.js';
import { useLoaded } from '../api/use-loaded.js';
import { hrefOf } from '../place/parse-place.js';
import { place, replacePlace } from '../place/place.js';
import { LoadState } from '../show/load-state.js';

/** Puts the job whose slot comes next into the address: what is shown then stays that job, and can be sent as a link. */
export function FirstJob() {
  const first = useLoaded('first job', loadFirst);
  const id = first.value?.job?.id;
  useEffect(() => {
    const { path, query } = place.peek();
    if (id !== undefined) replacePlace(hrefOf(path, { ...query, job: id }));
  }, [id]);
  return (
    <LoadState of={first}>
      {({ job }) =>
        job === undefined && (
          <p>
            There is no job yet that could remind anybody.{' '}
            {may('write') && <a href={hrefOf(['jobs', 'new'])}>Create one</a>}
          </p>
        )
      }
    </LoadState>
  );
}

async function loadFirst(signal: AbortSignal): Promise<{ job: Schemas['ListedJob'] | undefined }> {
  const ask = async (query: { status?: 'active' }): Promise<Schemas['ListedJob'] | undefined> => {
    const params = { query: { ...query, sort: 'next_run_at' as const, limit: 1 } };
    return (await answerOf(api.GET('/api/v1/certification-cron', { params, signal }))).data[0];
  };
  return { job: (await ask({ status: 'active' })) ?? (await ask({})) };
}
