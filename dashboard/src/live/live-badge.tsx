import { liveState, type LiveState } from './live.js';

const TEXTS: Readonly<Record<LiveState, string>> = {
  live: 'Live',
  connecting: 'Connecting',
  waiting: 'Not live, trying again',
  off: 'Not live',
};

export function LiveBadge() {
  const state = liveState.value;
  return (
    <span class={`live ${state}`} role="status">
      {TEXTS[state]}
    </span>
  );
}
