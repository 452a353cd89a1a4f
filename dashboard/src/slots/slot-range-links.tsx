import { hrefOf } from '../place/parse-place.js';
import { Instant } from '../show/instant.js';
import type { ShownSlots } from './load-slots.js';
import { besides, RANGES, type Range, type RangeName } from './slot-range.js';

interface SlotRangeLinksProps extends Pick<ShownSlots, 'range' | 'name'> {
  path: readonly string[];
  zone: string;
}

/** Which time is shown, and links to others: around now, before and behind. */
export function SlotRangeLinks({ path, zone, range, name }: SlotRangeLinksProps) {
  const { earlier, later } = besides(range);
  const names = (Object.keys(RANGES) as RangeName[]).filter((one) => one !== 'minute' || one === name);
  return (
    <div class="row spread slot-range">
      <p>
        From <Instant at={range.from} zone={zone} /> to <Instant at={range.to} zone={zone} />
      </p>
      <nav class="row" aria-label="Range of slots">
        <RangeLink path={path} to={earlier} words="Earlier" />
        <span class="quiet" aria-hidden="true">
          around now:
        </span>
        {names.map((one) => (
          <a
            key={one}
            class="button"
            href={hrefOf(path, { range: one })}
            aria-current={one === name ? 'true' : undefined}
          >
            <span class="hidden">a </span>
            {RANGES[one].words}
            <span class="hidden"> around now</span>
          </a>
        ))}
        <RangeLink path={path} to={later} words="Later" />
      </nav>
    </div>
  );
}

function RangeLink({ path, to, words }: { path: readonly string[]; to: Range | undefined; words: string }) {
  if (to === undefined) return null;
  return (
    <a class="button" href={hrefOf(path, { ...to })}>
      {words}
    </a>
  );
}
