/** A state in a word, with a colour that only repeats it. */
export type Tone = 'good' | 'bad' | 'busy' | 'odd' | 'quiet';

const TONES: Readonly<Record<string, Tone>> = {
  active: 'good',
  success: 'good',
  started: 'good',
  failed: 'bad',
  missing: 'bad',
  schedule_error: 'bad',
  deleted: 'bad',
  running: 'busy',
  waiting: 'busy',
  skipped: 'odd',
  disabled: 'quiet',
  upcoming: 'quiet',
};

export function Badge({ of, tone }: { of: string; tone?: Tone }) {
  return <span class={`badge ${tone ?? TONES[of] ?? 'quiet'}`}>{of.replaceAll('_', ' ')}</span>;
}
