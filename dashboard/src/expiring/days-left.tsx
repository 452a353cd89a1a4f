import { daysLeftWords } from './days-left-words.js';

/** How far away an expiry is. */
export function DaysLeft({ days }: { days: number }) {
  const { words, state, tone } = daysLeftWords(days);
  return (
    <>
      {words} {state && <span class={`badge ${tone}`}>{state}</span>}
    </>
  );
}
