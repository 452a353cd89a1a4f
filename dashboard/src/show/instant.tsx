import { Nothing } from './nothing.js';
import { inZone, viewerZone } from './show-instant.js';

interface InstantProps {
  /** RFC 3339; null: there is none. */
  at: string | null | undefined;
  /** Of the job, an IANA zone. Left out: only the time of the viewer is shown. */
  zone?: string;
  /** What is said where there is none; by default a line. */
  none?: string;
}

/** In the zone of the job, and beside it in that of the viewer where the clocks differ there and then. */
export function Instant({ at, zone = viewerZone(), none }: InstantProps) {
  if (at === null || at === undefined)
    return none === undefined ? <Nothing /> : <span class="quiet">{none}</span>;
  const there = inZone(at, zone);
  const here = inZone(at, viewerZone());
  return (
    <time class="instant" dateTime={at} title={`${at}, ${zone}`}>
      <span>{there.text}</span>
      {there.text !== here.text && (
        <>
          {' '}
          <span class="quiet">
            {there.zone} · {there.day === here.day ? here.time : here.text} here
          </span>
        </>
      )}
    </time>
  );
}
