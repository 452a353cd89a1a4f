/** Why a slot was skipped, as people say it; the words of the service stand in docs/scheduling.md. */
const WORDS: Readonly<Record<string, string>> = {
  overlap: 'another run of the job was still open',
  superseded: 'it was late, and a newer slot was started instead',
  missed_window: 'it was later than the catch-up window',
  catch_up_skip: 'it was late, and the job skips late slots',
  schedule_changed: 'it still waited when the schedule was changed',
  disabled: 'it still waited when the job was disabled',
  deleted: 'it still waited when the job was deleted',
};

/** @param reason one that this page does not know is told as it is */
export function skipWords(reason: string): string {
  return WORDS[reason] ?? reason.replaceAll('_', ' ');
}
