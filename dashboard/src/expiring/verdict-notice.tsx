import type { Schemas } from '../api/client.js';
import { CertificationLink } from './certification-link.js';
import { verdictOf } from './verdict.js';

interface VerdictNoticeProps {
  jobs: readonly Schemas['OutlookOfJob'][];
  /** There are more jobs than these. */
  isPart: boolean;
}

/** The answer in a sentence, before the table that tells it of each job. */
export function VerdictNotice({ jobs, isPart }: VerdictNoticeProps) {
  const verdict = verdictOf(jobs);
  if (verdict === undefined) return null;
  const { words, job, superseded_by: renewal } = verdict;
  return (
    <p class={job === undefined ? 'notice' : 'notice good'}>
      {isPart && 'As far as the jobs of this page go: '}
      <strong>{words}</strong>
      {job && (
        <>
          , by <bdi>{job.name}</bdi>.
        </>
      )}
      {renewal !== undefined && (
        <>
          {' '}
          Renewed by <CertificationLink id={renewal} />.
        </>
      )}
    </p>
  );
}
