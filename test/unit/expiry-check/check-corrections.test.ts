import { KOLKATA, has, itReminds, runs, type Step } from './check-steps.js';

/** What is corrected, withdrawn or waited for, and the days of calendars. */
const CASES: [string, Step[]][] = [
  [
    'back to an earlier date: the same validity',
    [
      has('c', '2026-07-05'),
      runs('2026-06-28', ['c@7']),
      has('c', '2026-06-30'),
      runs('2026-06-29', ['c@1']),
      runs('2026-06-30', ['c@0']),
    ],
  ],
  [
    'moved to another mentor: it is the same certification',
    [
      has('c', '2026-06-30'),
      runs('2026-06-23', ['c@7']),
      has('c', '2026-06-30', { mentor_id: 'm2' }),
      runs('2026-06-24', [], { already_asked: 1 }),
      runs('2026-06-29', ['c@1']),
    ],
  ],
  [
    'corrected to a day later: no threshold twice',
    [
      has('c', '2026-06-30'),
      runs('2026-06-23', ['c@7']),
      has('c', '2026-07-01'),
      runs('2026-06-24', [], { already_asked: 1 }),
      runs('2026-06-30', ['c@1']),
    ],
  ],
  [
    'corrected to a day earlier: no threshold twice',
    [
      has('c', '2026-06-30'),
      runs('2026-06-23', ['c@7']),
      has('c', '2026-06-29'),
      runs('2026-06-23T18:00:00Z', [], { already_asked: 1 }),
      runs('2026-06-28', ['c@1']),
    ],
  ],
  [
    'corrected from a day to an instant of that day',
    [
      has('c', '2026-06-30'),
      runs('2026-06-23', ['c@7']),
      has('c', '2026-06-30T10:00:00Z'),
      runs('2026-06-24', [], { already_asked: 1 }),
    ],
  ],
  [
    'corrected by 30 days: still the same validity, and nearer ones have been asked for',
    [
      has('c', '2026-06-30'),
      runs('2026-06-29', ['c@1']),
      has('c', '2026-07-30'),
      runs('2026-07-16', [], { nearer_asked: 1 }, { reminder_thresholds: [14, 1, 0] }),
      runs('2026-07-30', ['c@0']),
    ],
  ],
  [
    'moved by 31 days: another validity',
    [
      has('c', '2026-06-30'),
      runs('2026-06-29', ['c@1']),
      has('c', '2026-07-31'),
      runs('2026-07-24', ['c@7']),
    ],
  ],
  [
    'the largest threshold widens the validity',
    [
      has('c', '2026-06-30'),
      runs('2026-06-29', ['c@1'], {}, { reminder_thresholds: [90, 7, 1] }),
      has('c', '2026-09-20'),
      runs('2026-09-13', [], { nearer_asked: 1 }, { reminder_thresholds: [90, 7, 1] }),
    ],
  ],
  [
    'suspended and back: goes on where it was',
    [
      has('c', '2026-06-30'),
      runs('2026-06-16', ['c@14']),
      has('c', '2026-06-30', { status: 'suspended' }),
      runs('2026-06-23', [], { suspended: 1 }),
      has('c', '2026-06-30'),
      runs('2026-06-24', ['c@7']),
    ],
  ],
  [
    'withdrawn: never',
    [has('c', '2026-06-30', { status: 'withdrawn' }), runs('2026-06-30', [], { withdrawn: 1 })],
  ],
  [
    'not renewable before a day: the nearest one then',
    [
      has('c', '2026-06-30', { renewable_from: '2026-06-20' }),
      runs('2026-06-01', [], { not_renewable_yet: 1 }),
      runs('2026-06-19', [], { not_renewable_yet: 1 }),
      runs('2026-06-20', ['c@14']),
    ],
  ],
  [
    'not renewable before its expiry',
    [
      has('c', '2026-06-30', { renewable_from: '2026-07-02' }),
      runs('2026-06-30', [], { not_renewable_yet: 1 }),
      runs('2026-07-02', ['c@0']),
    ],
  ],
  ['expired long ago', [has('c', '2020-01-01'), runs('2026-06-30', [], { too_long_expired: 1 })]],
  [
    'a leap day',
    [
      has('c', '2028-02-29'),
      runs('2028-01-30', ['c@30']),
      runs('2028-02-22', ['c@7']),
      runs('2028-02-29', ['c@0']),
      runs('2028-03-07', [], { already_asked: 1 }),
    ],
  ],
  ['no leap day in that year', [has('c', '2027-03-01'), runs('2027-02-28', ['c@1'])]],
  [
    'zones on both sides of the date line',
    [
      has('c', '2026-06-30'),
      runs('2026-06-29T10:30:00Z', ['c@0'], {}, { time_zone: 'Pacific/Kiritimati' }),
      runs('2026-06-29T10:30:00Z', [], { nearer_asked: 1 }, { time_zone: 'Pacific/Pago_Pago' }),
    ],
  ],
  [
    'an instant falls on the day of the zone',
    [
      has('c', '2026-06-30T23:30:00Z'),
      runs('2026-06-24', ['c@7'], {}, KOLKATA),
      runs('2026-06-24', [], { already_asked: 1 }),
    ],
  ],
  [
    'the run of a day was missed: the nearest of those reached',
    [
      has('c', '2026-06-30'),
      runs('2026-06-01', ['c@30']),
      runs('2026-06-28', ['c@7']),
      runs('2026-06-29', ['c@1']),
    ],
  ],
];

itReminds(CASES);
