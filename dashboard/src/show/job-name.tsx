import { useLoaded } from '../api/use-loaded.js';
import { newestJob } from '../job/newest-job.js';
import { onEvent } from '../live/live.js';
import { hrefOf } from '../place/parse-place.js';

/** What is still being asked, and what was answered: lists name the same job in many rows. */
const names = new Map<string, Promise<string | undefined>>();
// A job may have got another name while nobody listened.
onEvent((event) => {
  if (event === undefined) names.clear();
});

interface JobNameProps {
  id: string;
  /** Behind the job in the address: runs, history. */
  tab?: string;
}

/** A job by its name, as a link; by its id until that is known, and where it has none any more. */
export function JobName({ id, tab }: JobNameProps) {
  const name = useLoaded(
    `name of ${id}`,
    () => nameOf(id),
    (event) => {
      const isRenamed = event.cron_id === id && event.changes?.some(({ field }) => field === 'name') === true;
      if (isRenamed) names.delete(id);
      return isRenamed;
    },
  );
  return (
    <a href={hrefOf(tab === undefined ? ['jobs', id] : ['jobs', id, tab])}>
      <bdi>{name.value ?? id}</bdi>
    </a>
  );
}

function nameOf(id: string): Promise<string | undefined> {
  const known = names.get(id);
  if (known !== undefined) return known;
  const asked = newestJob(id)
    .then(({ job }) => job.name)
    .catch(() => {
      // The id says as much; whoever asks next tries again.
      names.delete(id);
      return undefined;
    });
  names.set(id, asked);
  return asked;
}
