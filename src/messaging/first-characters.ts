/**
 * The beginning of a text: at most so many characters (UTF-16 code units), and never half of a pair of them, which no
 * store and no encoding can keep.
 */
export function firstCharacters(text: string, most: number): string {
  if (text.length <= most) return text;
  const begin = text.slice(0, most);
  return /[\ud800-\udbff]$/.test(begin) ? begin.slice(0, -1) : begin;
}
