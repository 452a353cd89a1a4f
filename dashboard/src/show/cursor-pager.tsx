import { hrefOf } from '../place/parse-place.js';
import { place } from '../place/place.js';

interface CursorPagerProps {
  /** null: this page is the last one. */
  next: string | null;
  /** The name of the cursor in the address, where a view has several lists. */
  name?: string;
  /** What the pages are of, where a view has several lists. */
  label?: string;
}

/** Pages behind a cursor go forward only; the browser goes back. */
export function CursorPager({ next, name = 'cursor', label = 'Pages' }: CursorPagerProps) {
  const { path, query } = place.value;
  const isFirst = query[name] === undefined;
  if (isFirst && next === null) return null;
  return (
    <nav class="pager" aria-label={label}>
      {!isFirst && (
        <a class="button" href={hrefOf(path, { ...query, [name]: undefined })}>
          First page
        </a>
      )}
      {next !== null && (
        <a class="button" href={hrefOf(path, { ...query, [name]: next })}>
          Next page
        </a>
      )}
    </nav>
  );
}
