import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../src/adapters/sqlite/read-store.js';
import type { CertificationRegistry } from '../../src/ports/certification-registry.js';
import { leaseSchema, type LeaseData } from '../../src/events/lease-events.js';
import type { EventLog } from '../../src/ports/event-log.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { createDice, type Dice } from './dice.js';
import { createHistory, type History } from './history.js';
import type { Scenario } from './scenario.js';
import { createSimulatedTime, type SimulatedTime } from './simulated-time.js';
import { createStory, type Story } from './story.js';

/** Shared state of all instances, and what is noted about it. */
export interface World {
  scenario: Scenario;
  dice: Dice;
  time: SimulatedTime;
  log: EventLog;
  store: ReadStore;
  registry: CertificationRegistry;
  story: Story;
  history: History;
  /** How often each fault was made. */
  faults: Map<string, number>;
  /** How often instances conflicted, and how often they wrote each log line. */
  met: Map<string, number>;
  /** Whether faults are injected; false once the world heals. */
  faulty: boolean;
  /** The registry answers no instance until then; true time. */
  registryHangsUntil: number;
  /** Notes a fault: what, to whom, and the job when it concerns only one. */
  fault(kind: string, who: string, detail?: string, cronId?: string): void;
  meet(what: string): void;
  /** An error that no fault accounts for: the simulation fails with it. */
  broken: (error: unknown) => void;
  errors: unknown[];
}

export async function createWorld(scenario: Scenario): Promise<World> {
  const dice = createDice(scenario.seed);
  const time = createSimulatedTime(scenario.start, dice.random);
  // The stores' own clock is the true time; nobody else is in their way, so they never wait for it.
  const waiting = {
    clock: { now: time.now, monotonic: time.now, sinceBoot: time.now, sleep: time.sleep, yield: time.yield },
    ids: dice,
    path: ':memory:',
  };
  const registry = openSqliteRegistry(waiting);
  const certifications = scenario.certifications(dice);
  await registry.upsert(certifications, 'simulation');
  const story = createStory();
  const faults = new Map<string, number>();
  const met = new Map<string, number>();
  const errors: unknown[] = [];
  const history = createHistory(certifications);
  return {
    scenario,
    dice,
    time,
    registry,
    story,
    faults,
    met,
    meet: (what) => {
      met.set(what, (met.get(what) ?? 0) + 1);
    },
    log: notingTerms(openSqliteEventLog(waiting), ({ term, holder }) => {
      history.terms.push({ term, holder, at: time.now() });
    }),
    store: openSqliteReadStore(waiting),
    history,
    faulty: true,
    registryHangsUntil: scenario.start,
    fault(kind, who, detail = '', cronId) {
      faults.set(kind, (faults.get(kind) ?? 0) + 1);
      story.tell(time.now(), who, `${kind}${detail === '' ? '' : `: ${detail}`}`, cronId);
    },
    errors,
    broken: (error) => {
      errors.push(error);
    },
  };
}

/** The log forgets who led before, so it is noted as it happens. */
function notingTerms(log: EventLog, onTaken: (lease: LeaseData) => void): EventLog {
  return {
    ...log,
    async append(writes) {
      const outcomes = await log.append(writes);
      const appended = outcomes.flatMap((outcome) => (outcome.kind === 'appended' ? outcome.events : []));
      for (const { type, data } of appended) if (type === 'LeaseTaken') onTaken(leaseSchema.parse(data));
      return outcomes;
    },
  };
}
