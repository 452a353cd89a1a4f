import type { ShownJob } from './load-job.js';

export function HistoryTab({ shown }: { shown: ShownJob }) {
  return <p>{shown.job.id}</p>;
}
