/**
 * A name as lists look for a part of it and sort by it: neither the case of letters nor the way in which an accent is
 * written means anything. Capital letters, since a small one may depend on its neighbours (ς and σ); ß is SS.
 */
export function foldedName(name: string): string {
  return name
    .toUpperCase()
    .normalize('NFC')
    .replaceAll(/\p{Cs}/gu, '\ufffd');
}
