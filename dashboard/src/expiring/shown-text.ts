/** Spaces, and characters that show nothing or only turn others around. */
const UNSEEN = /^[\p{Z}\p{Cf}\p{M}]|[\p{Z}\p{Cf}]$/u;

/** Ids may begin or end with what nobody sees, or be nothing else: quotes show where they are. */
export function shownText(text: string): string {
  return UNSEEN.test(text) ? `“${text}”` : text;
}

const MOST_OF_AN_ID = 200;

/** Whether a text can be the id of a record. What the API shows of one that it cannot read may be none. */
export function isId(text: string): boolean {
  return text !== '' && text.length <= MOST_OF_AN_ID && /^[^\p{Cc}\p{Cs}]*$/u.test(text);
}

/** Browsers take it in the path of an address for a way to another path, also in percent-encoding. */
export function isStep(id: string): boolean {
  return id === '.' || id === '..';
}
