import { AFTER, AID, has, itReminds, runs, type Step } from './check-steps.js';

/** Thresholds and selections of jobs. */
const CASES: [string, Step[]][] = [
  [
    'two jobs over the same record share what was asked for',
    [
      has('c', '2026-06-30'),
      runs('2026-06-16', ['c@14']),
      runs('2026-06-16', [], { nearer_asked: 1 }, { reminder_thresholds: [21] }),
      runs('2026-06-20', ['c@10'], {}, { reminder_thresholds: [21, 10] }),
      runs('2026-06-21', [], { already_asked: 1 }),
    ],
  ],
  [
    'a threshold is added in between',
    [
      has('c', '2026-06-30'),
      runs('2026-06-16', ['c@14']),
      runs('2026-06-20', ['c@10'], {}, { reminder_thresholds: [30, 14, 10, 7] }),
      runs('2026-06-23', ['c@7']),
    ],
  ],
  [
    'a threshold is taken away in between',
    [
      has('c', '2026-06-30'),
      runs('2026-06-16', ['c@14']),
      runs('2026-06-23', [], { already_asked: 1 }, { reminder_thresholds: [14] }),
    ],
  ],
  [
    'negative thresholds: after the expiry, each from its own day',
    [
      has('c', '2026-06-30'),
      runs('2026-06-30', ['c@0'], {}, AFTER),
      runs('2026-07-02', [], { already_asked: 1 }, AFTER),
      runs('2026-07-03', ['c@-3'], {}, AFTER),
      runs('2026-07-20', [], { not_due: 1 }, AFTER),
      runs('2026-07-30', ['c@-30'], {}, AFTER),
      runs('2026-08-07', [], { too_long_expired: 1 }, AFTER),
    ],
  ],
  [
    'a negative threshold stays due for 7 days, and no longer',
    [has('c', '2026-06-30'), has('d', '2026-06-29'), runs('2026-07-10', ['c@-3'], { not_due: 1 }, AFTER)],
  ],
  [
    'after the expiry nothing but what the list says',
    [
      has('c', '2026-06-30'),
      runs('2026-07-01', [], { too_long_expired: 1 }, { reminder_thresholds: [30, 7, 1] }),
    ],
  ],
  [
    'selected by type',
    [
      has('a', '2026-06-30', AID),
      has('b', '2026-06-30', { type: 'safeguarding' }),
      has('c', '2026-06-30'),
      runs('2026-06-23', ['a@7'], { not_selected: 2 }, { select: { types: ['first-aid'], labels: null } }),
    ],
  ],
  [
    'selected by type and by one of its labels',
    [
      has('a', '2026-06-30', { ...AID, labels: ['north', 'new'] }),
      has('b', '2026-06-30', { type: 'b', labels: ['north'] }),
      has('c', '2026-06-30', { type: 'c', labels: ['south'] }),
      runs(
        '2026-06-23',
        ['a@7'],
        { not_selected: 2 },
        { select: { types: ['first-aid', 'c'], labels: ['new', 'west'] } },
      ),
    ],
  ],
];

itReminds(CASES);
