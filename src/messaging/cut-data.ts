import type { RecordedEvent } from '../ports/event-log.js';
import { firstCharacters } from './first-characters.js';

/** How much of an event is published: cut, about 64 kB at most; bare, little more than what identifies it. */
export type EventForm = 'whole' | 'cut' | 'bare';

/** In characters. */
const MOST_TEXT = { cut: 1_000, bare: 200 };
const MOST_CUT_DATA = 50_000;
/** Of a list, or fields of an object. */
const MOST_ITEMS = 100;
const MOST_BARE_FIELDS = 20;
const DEEPEST = 4;

/** A text of an event, as its form has it. */
export function cutText(text: string, form: EventForm): string {
  if (form === 'whole' || text.length <= MOST_TEXT[form]) return text;
  return `${firstCharacters(text, MOST_TEXT[form])}…`;
}

/** Less of the data of an event: what identifies it is short, and stays. */
export function cutData(data: RecordedEvent['data'], form: EventForm): RecordedEvent['data'] {
  if (form === 'whole') return data;
  if (form === 'cut') {
    const cut = Object.fromEntries(cutFields(data, 1));
    if (JSON.stringify(cut).length <= MOST_CUT_DATA) return cut;
  }
  const short = Object.entries(data).filter(
    ([name, value]) =>
      name.length <= MOST_TEXT.bare && JSON.stringify(value ?? null).length <= MOST_TEXT.bare,
  );
  return Object.fromEntries(short.slice(0, MOST_BARE_FIELDS));
}

function cutFields(fields: object, depth: number): [string, unknown][] {
  const short = Object.entries(fields).filter(([name]) => name.length <= MOST_TEXT.cut);
  return short.slice(0, MOST_ITEMS).map(([name, value]) => [name, cutValue(value, depth)]);
}

function cutValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cutText(value, 'cut');
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => cutValue(item, depth + 1));
  return Object.fromEntries(cutFields(value, depth + 1));
}
