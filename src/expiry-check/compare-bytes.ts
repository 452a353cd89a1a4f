/** Compares texts by the bytes of their UTF-8, as the registry orders ids: JavaScript compares halves of characters. */
export function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
