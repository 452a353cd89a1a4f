/** Stands in a table where there is nothing to tell. Where tables are cards, what holds nothing else is left out. */
export function Nothing() {
  return <span class="quiet nothing">–</span>;
}
