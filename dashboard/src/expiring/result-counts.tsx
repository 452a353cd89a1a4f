import type { Schemas } from '../api/client.js';
import { hrefOf } from '../place/parse-place.js';
import { count } from '../show/show-duration.js';
import { countedReasons } from './reason-words.js';
import { warningWords } from './warning-words.js';

interface ResultCountsProps {
  result: Schemas['RunResult'];
  /** Of a forecast: it has not happened. */
  would?: boolean;
}

/** What a run has counted, why it has left out the others, and what to look at first. */
export function ResultCounts({ result, would = false }: ResultCountsProps) {
  const { reminders_sent, mentors_checked, records_checked, errors, warnings } = result;
  const reasons = countedReasons(result.reasons);
  return (
    <>
      {warnings.map((warning) => (
        <p key={warning.code} class={warning.code === 'too_many_reminders' ? 'notice bad' : 'notice'}>
          {warningWords(warning)}
        </p>
      ))}
      <p>
        <strong class="large">{count(reminders_sent)}</strong>{' '}
        {reminders_sent === 1 ? 'reminder' : 'reminders'}
        {would ? ' would be asked for' : ' asked for'}, of{' '}
        {records_checked === null ? '' : `${count(records_checked)} records of `}
        {count(mentors_checked)} {mentors_checked === 1 ? 'mentor' : 'mentors'}.
        {errors > 0 && ` ${count(errors)} records cannot be read.`}
      </p>
      {reasons.length > 0 && (
        <details open>
          <summary>Why the others are not reminded</summary>
          <ul class="reasons">
            {reasons.map(({ reason, counted, records }) => (
              <li key={reason}>
                <ReasonCount reason={reason} records={records} /> {counted}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** Leads to the records that it counts, where a filter of the records finds just those. */
function ReasonCount({ reason, records }: { reason: string; records: number }) {
  const shown = <strong>{count(records)}</strong>;
  if (reason !== 'suspended' && reason !== 'withdrawn') return shown;
  return <a href={hrefOf(['expiring'], { status: reason })}>{shown}</a>;
}
