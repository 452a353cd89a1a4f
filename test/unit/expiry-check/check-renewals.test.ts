import { AID, KOLKATA, has, itReminds, runs, type Step } from './check-steps.js';

/** Renewals: of one mentor's records of a type only the last one counts. */
const CASES: [string, Step[]][] = [
  [
    'renewed for a year, same id, where the first reminder is a year before the expiry',
    [
      has('c', '2026-06-30'),
      runs('2026-06-29', ['c@1'], {}, { reminder_thresholds: [365, 30, 1] }),
      has('c', '2027-06-30'),
      runs('2026-07-05', ['c@365'], {}, { reminder_thresholds: [365, 30, 1] }),
      runs('2027-05-31', ['c@30'], {}, { reminder_thresholds: [365, 30, 1] }),
    ],
  ],
  [
    'renewed early, same id: the new year has reminders of its own',
    [
      has('c', '2026-06-30'),
      runs('2026-06-01', ['c@30']),
      has('c', '2027-06-30'),
      runs('2026-06-23', [], { not_due: 1 }),
      runs('2027-05-31', ['c@30']),
      runs('2027-06-23', ['c@7']),
    ],
  ],
  [
    'renewed late, same id, after it had expired',
    [
      has('c', '2026-06-30'),
      runs('2026-06-30', ['c@0']),
      runs('2026-07-05', [], { already_asked: 1 }),
      has('c', '2027-06-30'),
      runs('2026-07-06', [], { not_due: 1 }),
      runs('2027-06-29', ['c@1']),
    ],
  ],
  [
    'renewed under a new id: nobody is reminded of the old one',
    [
      has('old', '2026-06-30', AID),
      runs('2026-06-01', ['old@30']),
      has('new', '2027-06-30', AID),
      runs('2026-06-23', [], { superseded: 1, not_due: 1 }),
      runs('2026-06-30', [], { superseded: 1, not_due: 1 }),
      runs('2027-06-23', ['new@7'], { superseded: 1 }),
    ],
  ],
  [
    'renewed under a new id without a type: nothing is known to be a renewal',
    [has('old', '2026-06-30'), has('new', '2027-06-30'), runs('2026-06-23', ['old@7'], { not_due: 1 })],
  ],
  [
    'renewed under a new id of another type: both count',
    [
      has('old', '2026-06-30', AID),
      has('new', '2027-06-30', { type: 'safeguarding' }),
      runs('2026-06-23', ['old@7'], { not_due: 1 }),
    ],
  ],
  [
    'renewed twice: only the last one counts',
    [
      has('a', '2026-06-30', AID),
      has('b', '2026-07-15', AID),
      has('c', '2026-07-01', AID),
      runs('2026-06-30', ['b@30'], { superseded: 2 }),
    ],
  ],
  [
    'two that expire on one day: the smaller id counts',
    [
      has('b', '2026-06-30', AID),
      has('a', '2026-06-30', AID),
      runs('2026-06-23', ['a@7'], { superseded: 1 }),
    ],
  ],
  [
    'the day decides, not the hour, by the zone of the job',
    [
      has('a', '2026-06-30T20:00:00Z', AID),
      has('b', '2026-07-01T03:00:00Z', AID),
      runs('2026-06-24', ['a@7'], { superseded: 1 }, KOLKATA),
    ],
  ],
  [
    'the renewal is withdrawn: the old one counts again',
    [
      has('old', '2026-06-30', AID),
      has('new', '2027-06-30', AID),
      runs('2026-06-23', [], { superseded: 1, not_due: 1 }),
      has('new', '2027-06-30', { ...AID, status: 'withdrawn' }),
      runs('2026-06-24', ['old@7'], { withdrawn: 1 }),
    ],
  ],
  [
    'a suspended renewal renews nothing',
    [
      has('old', '2026-06-30', AID),
      has('new', '2027-06-30', { ...AID, status: 'suspended' }),
      runs('2026-06-23', ['old@7'], { suspended: 1 }),
    ],
  ],
  [
    'the renewal is of another mentor',
    [
      has('old', '2026-06-30', AID),
      has('new', '2027-06-30', { ...AID, mentor_id: 'm2' }),
      runs('2026-06-23', ['old@7'], { not_due: 1 }),
    ],
  ],
  [
    'the renewal is not selected: it renews all the same',
    [
      has('old', '2026-06-30', { ...AID, labels: ['north'] }),
      has('new', '2027-06-30', AID),
      runs(
        '2026-06-23',
        [],
        { superseded: 1, not_selected: 1 },
        { select: { types: null, labels: ['north'] } },
      ),
    ],
  ],
  [
    'a renewal that is taken back: the old reminders count',
    [
      has('c', '2026-06-30'),
      runs('2026-06-23', ['c@7']),
      has('c', '2027-06-30'),
      runs('2026-06-24', [], { not_due: 1 }),
      has('c', '2026-06-30'),
      runs('2026-06-25', [], { already_asked: 1 }),
      runs('2026-06-29', ['c@1']),
    ],
  ],
];

itReminds(CASES);
