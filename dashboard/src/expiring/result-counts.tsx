import type { Schemas } from '../api/client.js';
import { LeftOut } from '../runs/left-out.js';
import { warningWords } from '../runs/run-words.js';
import { count } from '../show/show-duration.js';

interface ResultCountsProps {
  result: Schemas['RunResult'];
  /** Of a forecast: it has not happened. */
  would?: boolean;
}

/** What a run has counted, why it has left out the others, and what to look at first. */
export function ResultCounts({ result, would = false }: ResultCountsProps) {
  const { reminders_sent, mentors_checked, records_checked, errors, warnings } = result;
  return (
    <>
      {warnings.map((warning) => (
        <p key={warning.code} class={warning.code === 'too_many_reminders' ? 'notice bad' : 'notice'}>
          {warningWords(warning, { isDry: would })}
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
      {result.reasons !== null && <LeftOut reasons={result.reasons} />}
    </>
  );
}
