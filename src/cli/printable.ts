/** Controls, what turns the direction of writing or is not seen at all, halves of characters, separators of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text of others for a terminal, on one line: what a terminal would obey, or would not show, is written as `\u....`. A JSON
 * text without line breaks stays the same JSON.
 */
export function printable(text: string): string {
  return text.replace(UNSEEN, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
