import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { reporting, type Violation } from '../simulation/checkers/violation.js';
import { createDice, type Dice } from '../simulation/dice.js';
import { checkAll, type Checked } from './checks/check-all.js';
import { openChaosWorld, type ChaosWorld } from './chaos-world.js';
import type { FaultKind } from './fault-kinds.js';
import type { Counts, FaultWorld } from './faults.js';
import { followLog, type FollowedLog } from './follow-log.js';
import { createJobs, expiringCertifications } from './jobs.js';
import { startLoad } from './load.js';
import type { LogServer } from './log-server.js';
import { publishingHasBegun } from './publishing-has-begun.js';
import { createRoundRobin, type Sent } from './round-robin.js';
import { liveThroughRounds } from './rounds.js';
import { settle } from './settle.js';
import { scheduledTerm, takeovers, type Mark, type Takeover } from './takeovers.js';

export interface ChaosOptions {
  rounds: number;
  seed: number;
  kinds: readonly FaultKind[];
  leaseMs: number;
  /** Each is undefined where the embedded adapter serves. */
  logServer: LogServer | undefined;
  brokers: string | undefined;
  mongodb: string | undefined;
  /** Topics are read by kcat, where it is installed. */
  readsTopics: boolean;
  onProgress: (text: string) => void;
}

export interface Chaos {
  counts: Counts & { stalls: number } & Checked['counts'];
  takeovers: Takeover[];
  sent: readonly Sent[];
  violations: Violation[];
  /** Where everything is kept, when something was violated. */
  folder: string | undefined;
}

const MENTORS_AT_FIRST = 60;
const MENTORS_A_ROUND = 2;
/** FerretDB, which stands in for MongoDB in tests, scans a whole collection for a few rows. */
const SLOW_STORE_PACE = 2;
const SEEN_WITHIN_LEASES = 10;

/** Runs instances of the service through faults under load, and checks the history against the promises. */
export async function runChaos(options: ChaosOptions): Promise<Chaos> {
  const dice = createDice(options.seed);
  const world = await openChaosWorld({ ...options, dice });
  try {
    return await chaosIn(world, dice, options);
  } finally {
    await world.fleet.killAll();
    await world.close();
  }
}

async function chaosIn(world: ChaosWorld, dice: Dice, options: ChaosOptions): Promise<Chaos> {
  const { seed, rounds, leaseMs, brokers, mongodb, readsTopics, onProgress } = options;
  const { fleet, adapters, folder } = world;
  const followed = followLog(adapters.log);
  const client = createRoundRobin(fleet.addresses, {
    newId: () => dice.uuid(),
    anyUp: () => fleet.up().length > 0,
  });
  let mentors = 0;
  async function moreCertifications(count: number): Promise<void> {
    await adapters.registry.upsert(expiringCertifications(mentors, count), 'chaos');
    mentors += count;
  }
  await moreCertifications(MENTORS_AT_FIRST);
  await fleet.startMissing();
  if (brokers !== undefined && readsTopics) await publishingHasBegun(client, brokers, world.topicPrefix);
  const load = startLoad(
    client,
    createDice(seed + 1),
    await createJobs(client, mongodb === undefined ? 1 : SLOW_STORE_PACE),
  );

  const marks: Mark[] = [];
  const counts: Counts = { kills: 0, pauses: 0, restarts: 0, outages: 0, endedSubscriptions: 0 };
  const faulty: FaultWorld = {
    fleet,
    dice,
    leaseMs,
    marks,
    outages: world.outages,
    counts,
    setStalls: world.setStalls,
    stalls: world.stalls,
    standIn: options.logServer?.standIn,
    untilTakenOver: (mark) => untilTakenOver(mark, followed, SEEN_WITHIN_LEASES * leaseMs),
  };
  const broken = reporting('the rounds take place');
  await liveThroughRounds(faulty, {
    ...options,
    async onRound(round, what) {
      await moreCertifications(MENTORS_A_ROUND);
      const so = `${followed.seen.length} events, ${client.sent.length} requests`;
      onProgress(`round ${round} of ${rounds}: ${what}; ${so}`);
    },
  }).catch((error: unknown) => {
    // A violation, too; all that has happened is still looked at.
    broken.report(`they were broken off: ${String(error)}`);
  });
  await load.stop();
  onProgress('faults have ended; waiting until everything is done');
  const settled = await settle(world, followed, client, {
    brokers: readsTopics ? brokers : undefined,
    restarts: true,
    onProgress,
  });
  await followed.stop();

  const checked = await checkAll({ world, followed, settled, sent: client.sent });
  const violations = [...broken.violations, ...checked.violations];
  const offsets = new Map(fleet.lives.map(({ instance, offsetMs }) => [instance, offsetMs]));
  const chaos: Chaos = {
    counts: { ...counts, stalls: world.stalls(), ...checked.counts },
    takeovers: takeovers(marks, followed.seen, (holder) => offsets.get(holder)),
    sent: client.sent,
    violations,
    folder: violations.length > 0 ? folder : undefined,
  };
  if (chaos.folder === undefined) rmSync(folder, { recursive: true, force: true });
  else keepEvidence(folder, followed, chaos, settled.messages?.events ?? []);
  return chaos;
}

async function untilTakenOver(mark: Mark, { seen }: FollowedLog, withinMs: number): Promise<void> {
  const from = seen.length;
  const isOver = (): boolean => seen.slice(from).some(({ event }) => (scheduledTerm(event) ?? 0) > mark.term);
  // One that takes longer shows in the numbers.
  for (const giveUpAt = mark.at + withinMs; !isOver() && Date.now() < giveUpAt;) await pause(50);
}

function keepEvidence(
  folder: string,
  { seen }: FollowedLog,
  { sent, takeovers, violations }: Chaos,
  messages: readonly unknown[],
): void {
  for (const [name, rows] of Object.entries({ seen, sent, takeovers, violations, messages }))
    writeFileSync(join(folder, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
