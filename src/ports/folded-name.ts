/**
 * A name as lists look for a part of it and sort by it: neither the case of letters nor the way in which an accent is
 * written means anything. Capital letters, since a small one may depend on its neighbours (ς and σ); ß is SS, and so is ẞ,
 * which only its small letter tells. Composed before, too: the iota below ᾴ is a letter of its own as a capital, and
 * another accent may stand before or behind it.
 */
export function foldedName(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .toUpperCase()
    .normalize('NFC')
    .replaceAll(/\p{Cs}/gu, '\ufffd');
}
