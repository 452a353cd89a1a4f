import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredCertification } from '../../../src/ports/certification-registry.js';
import { readTopic } from '../../servers/kcat.js';
import type { KafkaCluster } from '../../servers/local-kafka-cluster.js';
import { reporting, type Violation } from '../../simulation/checkers/violation.js';
import { createDice } from '../../simulation/dice.js';
import { eventually } from '../../support/eventually.js';
import type { Checked } from '../checks/check-all.js';
import { checkFeed } from '../checks/check-feed.js';
import { checkResults } from '../checks/check-results.js';
import { startLoad } from '../load.js';
import { killBrokers, type BrokerKill } from './broker-kills.js';
import {
  checkSide,
  closeSide,
  openBrokerSide,
  untilWell,
  type BrokerSide,
  type CheckedSide,
} from './broker-side.js';
import { startCertificationOwner } from './certification-owner.js';
import { startExternalExecutor } from './external-executor.js';
import { longestWaits, publishingWaits, runWaits, type Wait } from './waits.js';
import { moveWorker } from './worker-moves.js';

export interface BrokerChaosOptions {
  cluster: KafkaCluster;
  seed: number;
  kills: number;
  everyMs: number;
  awayMs: number;
  longestWorkerLifeMs: number;
  onProgress: (text: string) => void;
}

export interface BrokerChaos {
  kills: readonly BrokerKill[];
  /** After each kill, until the next one: how long an event waited at most to be published, by either service. */
  publishingMs: readonly number[];
  /** And how long a run took at most, of the service that performs its runs itself. */
  runMs: readonly number[];
  /** From the return of the last broker until both services were well, milliseconds. */
  wellAfterMs: number;
  workerMoves: number;
  /** Of both services. */
  counts: Checked['counts'];
  /** Of the service that performs its runs itself, and of the one with an external executor. */
  timedOut: [number, number];
  certifications: number;
  results: number;
  /** Runs that were handed to the external executor again. */
  handedOutAgain: number;
  violations: Violation[];
  /** Where everything is kept, when something was violated. */
  folders: readonly string[];
}

/** Those whose leaders are killed in turn; the first ones are published to. */
const TOPICS = ['certification-cron.events', 'certification-cron.runs', 'certifications'];
const TOPICS_OF_EXTERNAL = ['certification-cron.results'];
const FED_WITHIN_MS = 60_000;

/**
 * Two services on one cluster of brokers, one of which dies and comes back again and again: one performs its runs itself,
 * in a group of workers that changes meanwhile, and takes in certifications; the other one gets its results from another
 * service. In the end all that happened is held against the promises.
 */
export async function runBrokerChaos(options: BrokerChaosOptions): Promise<BrokerChaos> {
  const { cluster, seed } = options;
  const { brokers } = cluster;
  const sides = await Promise.all([
    openBrokerSide({ brokers, seed, instances: 2, spare: true, pace: 1 }),
    openBrokerSide({
      brokers,
      seed: seed + 1,
      instances: 1,
      spare: false,
      pace: 2,
      env: { EXECUTOR: 'external' },
    }),
  ]);
  try {
    return await chaosOf(sides, options);
  } finally {
    await Promise.all(sides.map(closeSide));
  }
}

async function chaosOf(
  [builtin, external]: [BrokerSide, BrokerSide],
  { cluster, seed, kills, everyMs, awayMs, longestWorkerLifeMs, onProgress }: BrokerChaosOptions,
): Promise<BrokerChaos> {
  const { brokers } = cluster;
  const { fleet } = builtin.world;
  const certifications = builtin.topic('certifications');
  const owner = await startCertificationOwner(brokers, certifications, createDice(seed + 2));
  const executor = await startExternalExecutor(brokers, external.topic(''), createDice(seed + 3));
  const load = startLoad(builtin.client, createDice(seed + 4), builtin.everySecond);
  const spare = fleet.addresses.length - 1;
  const worker = moveWorker(fleet, spare, createDice(seed + 5), longestWorkerLifeMs);

  const done = await killBrokers({
    cluster,
    topics: [...TOPICS.map(builtin.topic), ...TOPICS_OF_EXTERNAL.map(external.topic)],
    kills,
    everyMs,
    awayMs,
    onKill: (kill) => onProgress(progressOf(kill, builtin)),
  });
  await Promise.all([owner.stop(), load.stop(), worker.stop()]);
  const broken = reporting('everything is well again by itself');
  const well = await Promise.all([untilWell(builtin), untilWell(external)]).catch((error: unknown) => {
    broken.report(String(error));
    return [NaN];
  });
  onProgress(`well again after ${Math.round(Math.max(...well))} ms`);

  const fed = await feedIn(builtin, { brokers, certifications, acknowledged: owner.acknowledged });
  const [own, others] = await Promise.all(
    [builtin, external].map((side) => checkSide(side, { brokers, onProgress })),
  );
  await executor.stop();
  if (own === undefined || others === undefined) throw new Error('both sides are checked');
  const results = await readTopic(brokers, external.topic('certification-cron.results'));
  const reported = checkResults(
    external.followed.seen.map(({ event }) => event),
    { taken: executor.taken, acknowledged: executor.acknowledged, results },
  );
  const aside = await Promise.all([builtin, external].map((side) => checkAside(side, brokers)));
  const violations = [
    ...broken.violations,
    ...own.checked.violations,
    ...others.checked.violations,
    ...fed,
    ...reported.violations,
    ...aside.flat(),
  ];
  return {
    kills: done,
    publishingMs: longestWaits(
      [...publishingWaitsOf(builtin, own), ...publishingWaitsOf(external, others)],
      done.map(({ at }) => at),
    ),
    runMs: longestWaits(
      runWaits(builtin.followed.seen),
      done.map(({ at }) => at),
    ),
    wellAfterMs: Math.max(...well),
    workerMoves: worker.moves(),
    counts: sumOf(own.checked.counts, others.checked.counts),
    timedOut: [timedOutIn(builtin), reported.timedOut],
    certifications: owner.acknowledged.length,
    results: executor.acknowledged.length,
    handedOutAgain: reported.repeated,
    violations,
    folders: keep([builtin, external], violations),
  };
}

function progressOf({ victim, at, back, whole }: BrokerKill, { followed }: BrokerSide): string {
  const isWhole = whole === undefined ? 'not whole before the next kill' : `whole after ${whole - at} ms`;
  return `killed ${victim}: back after ${back - at} ms, ${isWhole}; ${followed.seen.length} events`;
}

/** Waits until the registry has followed the topic. */
async function feedIn(
  { world }: BrokerSide,
  fed: { brokers: string; certifications: string; acknowledged: Parameters<typeof checkFeed>[0] },
): Promise<Violation[]> {
  const messages = await readTopic(fed.brokers, fed.certifications);
  let violations: Violation[] = [];
  await eventually(
    'the registry is fed',
    async () => {
      const registry: StoredCertification[] = [];
      for await (const page of world.adapters.registry.pages()) registry.push(...page);
      violations = checkFeed(fed.acknowledged, messages, registry);
      return violations.length === 0;
    },
    FED_WITHIN_MS,
  ).catch(() => undefined);
  return violations;
}

/** Nothing that was sent here is bad, so nothing may be set aside. */
async function checkAside(side: BrokerSide, brokers: string): Promise<Violation[]> {
  const { violations, report } = reporting('nothing good is set aside');
  for (const { headers } of await readTopic(brokers, side.topic('certification-cron.dead-letters')))
    report(`${headers.dead_letter_topic}: ${headers.dead_letter_reason}`);
  return violations;
}

function publishingWaitsOf({ followed }: BrokerSide, { settled }: CheckedSide): Wait[] {
  return publishingWaits(followed.seen, settled.messages?.events ?? []);
}

function timedOutIn({ followed }: BrokerSide): number {
  return followed.seen.filter(
    ({ event: { type, data } }) =>
      type === 'RunCompleted' && (data.error as { code?: string } | null)?.code === 'timed_out',
  ).length;
}

function sumOf(one: Checked['counts'], other: Checked['counts']): Checked['counts'] {
  const names = Object.keys(one) as (keyof Checked['counts'])[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as Checked['counts'];
}

/** @returns the folders that are left, when something was violated */
function keep(sides: readonly BrokerSide[], violations: readonly Violation[]): string[] {
  const folders = sides.map(({ world }) => world.folder);
  if (violations.length === 0) {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    return [];
  }
  for (const { world, followed, client } of sides)
    for (const [name, rows] of Object.entries({ seen: followed.seen, sent: client.sent, violations }))
      writeFileSync(
        join(world.folder, `${name}.jsonl`),
        rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
      );
  return folders;
}
