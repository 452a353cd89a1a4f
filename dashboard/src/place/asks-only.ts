type Query = Readonly<Record<string, string>>;

/**
 * Whether the address asks for exactly this, in whatever order and on whatever page.
 * @param filters the parameters that narrow the list
 */
export function asksOnly(query: Query, asked: Query, filters: readonly string[]): boolean {
  return filters.every((name) => (query[name] ?? '') === (asked[name] ?? ''));
}
