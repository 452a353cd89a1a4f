const MOST_CHARACTERS = 40;
/** Room for so many characters outside of the BMP. */
const MOST_UNITS = 2 * MOST_CHARACTERS;
/** What moves the cursor of a terminal, hides text or turns its direction; `JSON.stringify` escapes only some of these. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text of a file as a message may show it: in quotes, on one line, with escapes as in JSON, at most 40 characters of it. */
export function quoted(text: string): string {
  const beginning = Array.from(text.slice(0, MOST_UNITS)).slice(0, MOST_CHARACTERS).join('');
  const shown = JSON.stringify(beginning).replace(UNPRINTABLE, escaped);
  return beginning.length < text.length ? `${shown}…` : shown;
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}
