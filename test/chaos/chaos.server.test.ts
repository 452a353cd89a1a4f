import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { testVariables } from '../servers/test-variables.js';
import { kindsWith, type FaultKind } from './fault-kinds.js';
import { startStandIn } from './log-server.js';
import { runChaos } from './run-chaos.js';
import { percentile } from './takeovers.js';

/** npm run chaos covers the others; a rolling restart has a test of its own. */
const OTHERS: readonly FaultKind[] = ['pause-follower', 'kill-all', 'rolling-restart'];
const KINDS = kindsWith(undefined).filter((kind) => !OTHERS.includes(kind));
/** Each kind once. */
const ROUNDS = KINDS.length;
const LEASE_MS = 1_500;
const KINDS_OF_LOG: FaultKind[] = ['too-slow', 'log-outage', 'stalls'];

const given = ({ url }: { url: string }): string | undefined => process.env[url];
const brokers = given(testVariables.kafka);
const mongodb = given(testVariables.mongodb);
const readsTopics = spawnSync('kcat', ['-V']).status === 0;
const used = [
  brokers === undefined ? 'no Kafka' : readsTopics ? 'Kafka' : 'Kafka, NOT COMPARED: no kcat',
  mongodb === undefined ? 'no MongoDB' : 'MongoDB',
].join(', ');

// Many more by npm run chaos.
it(`${ROUNDS} rounds of kills, pauses and stalls of three instances break no promise (${used})`, async () => {
  const seed = Math.floor(1e6 * Math.random());
  const { violations, counts, takeovers } = await runChaos({
    rounds: ROUNDS,
    seed,
    kinds: KINDS,
    leaseMs: LEASE_MS,
    logServer: undefined,
    brokers,
    mongodb,
    readsTopics,
    onProgress: () => undefined,
  });
  expect({ seed, violations }).toEqual({ seed, violations: [] });
  // The states that matter were reached.
  expect(counts.kills).toBeGreaterThan(2);
  expect(counts.pauses).toBeGreaterThanOrEqual(1);
  expect(counts.stalls).toBeGreaterThan(2);
  expect(counts.terms).toBeGreaterThan(3);
  expect(counts.slots).toBeGreaterThan(40);
  expect(counts.reminders).toBeGreaterThan(50);
  // Wide, for machines that are busy: npm run chaos measures it.
  const single = takeovers.filter(({ kind }) => kind === 'kill').map(({ leaseMs = Infinity }) => leaseMs);
  expect(percentile(single, 1)).toBeLessThan(3 * LEASE_MS);
}, 240_000);

it('an outage, a lost subscription and stalled appends of EventStoreDB, as its stand-in has them, break no promise', async () => {
  const seed = Math.floor(1e6 * Math.random());
  const logServer = await startStandIn();
  try {
    const { violations, counts } = await runChaos({
      rounds: KINDS_OF_LOG.length,
      seed,
      kinds: KINDS_OF_LOG,
      leaseMs: LEASE_MS,
      logServer,
      brokers: undefined,
      mongodb: undefined,
      readsTopics: false,
      onProgress: () => undefined,
    });
    expect({ seed, violations }).toEqual({ seed, violations: [] });
    expect(counts.outages).toBe(1);
    // Of three instances and of the chaos suite itself, three times at least.
    expect(counts.endedSubscriptions).toBeGreaterThanOrEqual(9);
    expect(counts.stalls).toBeGreaterThan(2);
    expect(counts.slots).toBeGreaterThan(10);
  } finally {
    await logServer.stop();
  }
}, 120_000);
