import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bulkPage, placeOf, type BulkJob } from '../../../src/http/bulk-page.js';

const job = (day: number, cron_id: string): BulkJob => ({
  cron_id,
  name: cron_id,
  created_at: `2026-03-0${day}T00:00:00.000Z`,
});
const [a, b, c, d] = [job(1, 'cron-b'), job(2, 'cron-a'), job(2, 'cron-c'), job(3, 'cron-d')];

describe('the page of a bulk request', () => {
  it('has the jobs that fit, where it is no repeat', () => {
    expect(bulkPage({ listed: [a, b], more: true, accepted: [] }, 2)).toEqual({
      jobs: [a, b],
      more: true,
      repeated: 0,
    });
    expect(bulkPage({ listed: [], more: false, accepted: [] }, 2)).toEqual({
      jobs: [],
      more: false,
      repeated: 0,
    });
  });

  it('has those that the first try has met, and goes no further', () => {
    const repeated = bulkPage({ listed: [c, d], more: true, accepted: [b, a] }, 2);
    expect(repeated).toEqual({ jobs: [a, b], more: true, repeated: 2 });
    expect(bulkPage({ listed: [c], more: false, accepted: [a, b] }, 2)).toEqual(repeated);
    expect(bulkPage({ listed: [], more: false, accepted: [a] }, 2)).toEqual({
      jobs: [a],
      more: false,
      repeated: 1,
    });
  });

  it('completes what the first try has left', () => {
    expect(bulkPage({ listed: [a, c, d], more: false, accepted: [b] }, 3)).toEqual({
      jobs: [a, b, c],
      more: true,
      repeated: 2,
    });
  });

  it('leaves out nothing before its end, though others have come to fit', () => {
    expect(bulkPage({ listed: [a, b], more: false, accepted: [c] }, 2)).toEqual({
      jobs: [a, b, c],
      more: false,
      repeated: 3,
    });
  });

  it('has up to twice as many as are asked for, however often others come to fit between two tries', () => {
    const many = Array.from({ length: 20 }, (_, at) => job(1, `cron-${String(at).padStart(2, '0')}`));
    let accepted: BulkJob[] = many.slice(-1);
    for (let tried = 0; tried < 10; tried++) {
      const others = many.filter((one) => !accepted.includes(one));
      accepted = bulkPage({ listed: others.slice(0, 3), more: true, accepted }, 3).jobs;
    }
    expect(accepted).toHaveLength(6);
  });
});

interface Modelled extends BulkJob {
  fits: boolean;
  acted: number;
  /** Pages under whose key it was acted on. */
  accepted: Set<number>;
  /** Others have changed whether it fits. */
  touched: boolean;
}

/** What `JobReads.list` promises. */
function listed(jobs: readonly Modelled[], after: Modelled | undefined, limit: number) {
  const from = after === undefined ? 0 : jobs.indexOf(after) + 1;
  const fitting = jobs.slice(from).filter(({ fits }) => fits);
  return { listed: fitting.slice(0, limit), more: fitting.length > limit };
}

describe('page after page, each of them tried until its answer arrives', () => {
  const worlds = fc.record({
    days: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()), { maxLength: 24 }),
    limit: fc.integer({ min: 1, max: 5 }),
    /** Whether who was acted on fits no more, as when those that are disabled are enabled. */
    changesFilter: fc.boolean(),
    /** For each try: which of the page are reached before it breaks off; undefined where it does not. */
    tries: fc.infiniteStream(fc.option(fc.array(fc.nat(9), { maxLength: 5 }), { nil: undefined, freq: 2 })),
    /** What others do between two tries: the job of this number, counted round, fits or not. */
    others: fc.infiniteStream(fc.option(fc.tuple(fc.nat(23), fc.boolean()), { nil: undefined })),
  });

  it('acts on no job twice, and on each that fits all the while', () => {
    fc.assert(
      fc.property(worlds, ({ days, limit, changesFilter, tries, others }) => {
        const jobs = days
          .map(([day, fits], at) => ({ ...job(day, `cron-${String(at).padStart(2, '0')}`), fits }))
          .map((one): Modelled => ({ ...one, acted: 0, accepted: new Set(), touched: false }))
          .sort((one, other) => (one.created_at + one.cron_id < other.created_at + other.cron_id ? -1 : 1));
        const wanted = jobs.filter(({ fits }) => fits);
        let after: Modelled | undefined;
        let pages = 0;
        for (let isMore = true; isMore; pages++) {
          // More than have been acted on must not come to fit: see bulkPage.
          let mayCome = true;
          for (let tried = 0, isOver = false; !isOver; tried++) {
            const breaksOff = tried < 5 ? tries.next().value : undefined;
            const accepted = jobs.filter((one) => one.accepted.has(pages));
            const page = bulkPage({ ...listed(jobs, after, limit), accepted }, limit);
            expect(page.jobs.length).toBeLessThanOrEqual(2 * limit);
            const reached = page.jobs.filter((_, at) => breaksOff?.includes(at) !== false);
            for (const { cron_id } of reached) {
              const one = jobs.find((each) => each.cron_id === cron_id);
              if (one === undefined || one.accepted.has(pages)) continue;
              one.accepted.add(pages);
              one.acted++;
              if (changesFilter) one.fits = false;
            }
            const [at, fits] = others.next().value ?? [0, false];
            const other = jobs[at % Math.max(1, jobs.length)];
            if (other !== undefined && (!fits || (mayCome && reached.length > 0))) {
              mayCome &&= !fits;
              Object.assign(other, { fits, touched: true });
            }
            isOver = breaksOff === undefined;
            if (!isOver) continue;
            const last = page.jobs.at(-1);
            after = jobs.find((one) => last && placeOf(one).cron_id === placeOf(last).cron_id) ?? after;
            isMore = page.more;
          }
        }
        expect(jobs.filter(({ acted }) => acted > 1)).toEqual([]);
        expect(wanted.filter(({ acted, touched }) => acted !== 1 && !touched)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});
