import { computed, signal } from '@preact/signals';
import { parsePlace, type Place } from './parse-place.js';

/**
 * Where the viewer is: all of it stands in the address, behind the `#`, which browsers send to no server. So any view can
 * be sent as a link, and no proxy logs whose certifications were looked at.
 */
const hash = signal(location.hash);
export const place = computed<Place>(() => parsePlace(hash.value));

addEventListener('hashchange', () => {
  hash.value = location.hash;
});

/** At once: whoever chooses two filters quickly has both. */
export function goTo(href: string): void {
  location.hash = href;
  hash.value = location.hash;
}

/** Changes the address without a step in the history of the browser: what is typed into a filter is one step, not ten. */
export function replacePlace(href: string): void {
  history.replaceState(null, '', href);
  hash.value = location.hash;
}
