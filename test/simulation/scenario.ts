import type { JobConfig } from '../../src/events/job-config.js';
import type { Certification } from '../../src/ports/certification-registry.js';
import type { Dice } from './dice.js';
import { someCertification } from './some-certification.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NEVER = 10_000 * DAY;

type Policies = Pick<
  JobConfig,
  | 'misfire_grace_seconds'
  | 'catchup_policy'
  | 'catchup_window_seconds'
  | 'concurrency_policy'
  | 'timeout_seconds'
>;

/** Parameters of a simulation, before chance comes in. Durations in milliseconds. */
export interface Scenario {
  /**
   * How often jobs come due; clocks: by the minute, while one of three clocks at a time is wrong; backlogs: by the minute,
   * with long outages, and without an end to what is on time; restores: by the minute, and deleted jobs come back.
   */
  kind: 'days' | 'minutes' | 'clocks' | 'backlogs' | 'restores';
  seed: number;
  /** Epoch milliseconds. */
  start: number;
  days: number;
  instances: number;
  jobs: number;
  /** How long a busy job lives, and how long until there is another, on average. */
  busy: { life: number; pause: number };
  expressions: readonly string[];
  busyExpressions: readonly string[];
  zones: readonly string[];
  policies: (dice: Dice) => Policies;
  /** Lease duration: how long others wait for the leader to renew. */
  lease: number;
  /** The scheduler looks at the wall clock at least this often. */
  longestSleep: number;
  /** Mean time between two of a kind. */
  between: Record<'requests' | 'changes' | 'crashes' | 'stops' | 'outages' | 'clockSteps' | 'hangs', number>;
  /** The longest of a kind. */
  longest: Record<'downtime' | 'stop' | 'stall' | 'clockStep' | 'hang', number>;
  certifications(dice: Dice): Certification[];
}

/** Starts of worlds of many days: years with today's DST, a day that never was in Apia, half an hour in Pyongyang. */
const YEARS = ['2025-02-20', '2026-01-15', '2011-06-01', '2017-08-15'];
/** Worlds of a few days begin the day before offsets change: in North America, Europe, Oceania, Morocco and Apia. */
const EVES = ['2026-03-07', '2025-11-01', '2025-03-29', '2026-04-04', '2026-02-14', '2011-12-29'];
const ZONES = [
  'UTC',
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'Europe/Berlin',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Asia/Pyongyang',
  'Antarctica/Troll',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
];
const DAILY = [
  '0 2 * * *',
  '30 2 * * *',
  '30 1 * * *',
  '0 0 * * *',
  '15 2 * * 1-6',
  '0 2 L * *',
  '0 3 * * 5L',
  '45 1 1,15 * MON',
  '30 0-3 * * SUN#2',
  '0 9,17 * * MON-FRI',
];
const HOURLY = ['0 * * * *', '30 * * * *', '15,45 */2 * * *', '0 0-22 * * *', '20 */3 * * *'];
const GREEDY = { misfire_grace_seconds: 86_400, concurrency_policy: 'allow' } as const;
const MINUTELY = ['* * * * *', '*/2 * * * *', '*/5 * * * *', '0-30/3 * * * *'];

/** Daily and hourly jobs over many days. */
export function daysScenario(seed: number, days: number): Scenario {
  return {
    ...common(seed, days, YEARS),
    kind: 'days',
    jobs: 3,
    busy: { life: 5 * DAY, pause: 60 * DAY },
    expressions: DAILY,
    busyExpressions: HOURLY,
    lease: 3 * HOUR,
    longestSleep: 6 * HOUR,
    between: {
      requests: 4 * DAY,
      changes: 3 * DAY,
      crashes: 8 * DAY,
      stops: 5 * DAY,
      outages: 25 * DAY,
      clockSteps: 15 * DAY,
      hangs: 3 * DAY,
    },
    longest: { downtime: 4 * DAY, stop: 9 * HOUR, stall: 6 * HOUR, clockStep: 2 * DAY, hang: 8 * HOUR },
  };
}

/** Minutely jobs over a few days. */
export function minutesScenario(seed: number, days: number): Scenario {
  return {
    ...common(seed, days, EVES),
    kind: 'minutes',
    jobs: 2,
    busy: { life: 16 * HOUR, pause: 2 * HOUR },
    expressions: HOURLY,
    busyExpressions: MINUTELY,
    lease: 4 * MINUTE,
    longestSleep: MINUTE,
    between: {
      requests: 20 * MINUTE,
      changes: 90 * MINUTE,
      crashes: 40 * MINUTE,
      stops: 25 * MINUTE,
      outages: 3 * HOUR,
      clockSteps: 2 * HOUR,
      hangs: 15 * MINUTE,
    },
    longest: {
      downtime: 3 * HOUR,
      stop: 12 * MINUTE,
      stall: 20 * MINUTE,
      clockStep: 3 * HOUR,
      hang: 15 * MINUTE,
    },
  };
}

/** Minutely jobs of a fleet that is never without two instances whose clocks are right. */
export function clocksScenario(seed: number, days: number): Scenario {
  const minutes = minutesScenario(seed, days);
  return {
    ...minutes,
    kind: 'clocks',
    instances: 3,
    between: { ...minutes.between, crashes: 90 * MINUTE, stops: NEVER, outages: NEVER, clockSteps: HOUR },
    longest: { ...minutes.longest, downtime: 10 * MINUTE, stall: 2_000, clockStep: 2 * DAY },
  };
}

/** Minutely jobs whose runs may overlap, down for so long that more slots are on time than runs may be open. */
export function backlogsScenario(seed: number, days: number): Scenario {
  const minutes = minutesScenario(seed, days);
  return {
    ...minutes,
    kind: 'backlogs',
    expressions: MINUTELY,
    busyExpressions: MINUTELY,
    policies: (dice) => ({ ...somePolicies(dice), ...GREEDY }),
    between: { ...minutes.between, outages: 6 * HOUR, hangs: HOUR },
    longest: { ...minutes.longest, downtime: 8 * HOUR, hang: 4 * HOUR },
  };
}

/** Minutely jobs that are deleted soon, and mostly restored and reverted. */
export function restoresScenario(seed: number, days: number): Scenario {
  const minutes = minutesScenario(seed, days);
  return { ...minutes, kind: 'restores', busy: { life: 2 * HOUR, pause: HOUR } };
}

export const scenarios: Readonly<Record<Scenario['kind'], (seed: number, days: number) => Scenario>> = {
  days: daysScenario,
  minutes: minutesScenario,
  clocks: clocksScenario,
  backlogs: backlogsScenario,
  restores: restoresScenario,
};

function common(seed: number, days: number, starts: readonly string[]) {
  const start = Date.parse(`${starts[seed % starts.length] ?? ''}T00:00:00Z`);
  return {
    seed,
    days,
    start,
    instances: 2 + (seed % 2),
    zones: ZONES,
    policies: somePolicies,
    certifications: (dice: Dice) => expiringWithin(dice, start, days),
  };
}

/** A few mentors whose certifications expire one after another, so that reminders fall due all the time. */
function expiringWithin(dice: Dice, start: number, days: number): Certification[] {
  return Array.from({ length: 7 }, (_, index) => {
    const day = start + Math.floor(dice.random() * (days + 35)) * DAY;
    return someCertification(dice, `certification-${index}`, new Date(day).toISOString().slice(0, 10));
  });
}

/** A job as a client might want it. */
export function someConfig(
  dice: Dice,
  { expressions, zones, policies }: Pick<Scenario, 'expressions' | 'zones' | 'policies'>,
) {
  return {
    name: 'simulated',
    cron_expression: dice.oneOf(expressions),
    time_zone: dice.oneOf(zones),
    ...policies(dice),
  } satisfies Partial<JobConfig>;
}

/** What a client may want a job to remind of; a limit of one or two is soon too few. */
export function someRules(dice: Dice) {
  return dice.oneOf<Partial<JobConfig>>([
    { reminder_thresholds: dice.oneOf([null, [30, 7], [60, 14, 1], [90, 30, 0, -3], [7, 0, -1, -14]]) },
    {
      select: dice.oneOf([
        null,
        null,
        { types: ['first aid'], labels: null },
        { types: null, labels: ['north'] },
      ]),
    },
    { max_reminders: dice.oneOf([null, 0, 1, 1, 2]) },
  ]);
}

function somePolicies(dice: Dice): Policies {
  return {
    misfire_grace_seconds: dice.oneOf([0, 60, 60, 900]),
    catchup_policy: dice.oneOf(['latest', 'latest', 'all', 'skip'] as const),
    catchup_window_seconds: dice.oneOf([3_600, 86_400, 259_200]),
    concurrency_policy: dice.oneOf(['forbid', 'forbid', 'allow'] as const),
    timeout_seconds: dice.oneOf([60, 600, 3_600, 7_200]),
  };
}
