import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { testVariables } from '../servers/test-variables.js';
import { faults, type FaultKind } from './faults.js';
import { runChaos } from './run-chaos.js';
import { percentile } from './takeovers.js';

/** npm run chaos covers the others: a paused follower and a kill of all. */
const KINDS = (Object.keys(faults) as FaultKind[]).filter(
  (kind) => kind !== 'pause-follower' && kind !== 'kill-all',
);
/** Each kind once. */
const ROUNDS = KINDS.length;
const LEASE_MS = 1_500;

const given = ({ url }: { url: string }): string | undefined => process.env[url];
const brokers = given(testVariables.kafka);
const mongodb = given(testVariables.mongodb);
const readsTopics = spawnSync('kcat', ['-V']).status === 0;
const used = [
  brokers === undefined ? 'no Kafka' : readsTopics ? 'Kafka' : 'Kafka, NOT COMPARED: no kcat',
  mongodb === undefined ? 'no MongoDB' : 'MongoDB',
].join(', ');

// Many more by npm run chaos.
it(`${ROUNDS} rounds of kills, pauses, stalls and restarts of three instances break no promise (${used})`, async () => {
  const seed = Math.floor(1e6 * Math.random());
  const { violations, counts, takeovers } = await runChaos({
    rounds: ROUNDS,
    seed,
    kinds: KINDS,
    leaseMs: LEASE_MS,
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
  expect(counts.restarts).toBeGreaterThanOrEqual(3);
  expect(counts.terms).toBeGreaterThan(4);
  expect(counts.slots).toBeGreaterThan(50);
  expect(counts.reminders).toBeGreaterThan(100);
  // Wide, for machines that are busy: npm run chaos measures it.
  const single = takeovers.filter(({ kind }) => kind === 'kill').map(({ leaseMs = Infinity }) => leaseMs);
  expect(percentile(single, 1)).toBeLessThan(3 * LEASE_MS);
}, 240_000);
