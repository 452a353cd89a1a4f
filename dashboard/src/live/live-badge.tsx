import { liveState, type LiveState } from './live.js';

const TEXTS: Readonly<Record<LiveState, string>> = {
  live: 'Live',
  connecting: 'Connecting',
  waiting: 'Not live, trying again',
  off: 'Not live',
};

/** Whoever listens is told when the page stops being live, and not each time that it is again. */
export function LiveBadge() {
  const state = liveState.value;
  return (
    <>
      <span class={`live-badge ${state}`}>{TEXTS[state]}</span>
      <span class="hidden" role="status">
        {state === 'waiting' ? 'What is shown is not live now' : ''}
      </span>
    </>
  );
}
