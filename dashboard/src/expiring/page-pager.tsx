import { hrefOf } from '../place/parse-place.js';
import { place } from '../place/place.js';

interface PagePagerProps {
  pagination: { page: number; limit: number; total: number };
}

/** Numbered pages, by `page` in the address. */
export function PagePager({ pagination: { page, limit, total } }: PagePagerProps) {
  const { path, query } = place.value;
  const last = Math.max(1, Math.ceil(total / limit));
  if (last === 1 && page === 1) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {page > 1 && (
        <a class="button" href={hrefOf(path, { ...query, page: page === 2 ? undefined : page - 1 })}>
          Previous page
        </a>
      )}
      <span class="quiet">
        Page {page} of {last}
      </span>
      {page < last && (
        <a class="button" href={hrefOf(path, { ...query, page: page + 1 })}>
          Next page
        </a>
      )}
    </nav>
  );
}
