import { afterEach, describe, expect, it } from '@jest/globals';
import type { Decision } from '../append-rule.js';
import { type EventStoreOptions, type FakeEventStore, startEventStore } from '../start-event-store.js';
import { type Storage, createStorage } from '../storage.js';
import { type Comparison, MOST_DIFFERENCES, compareServers } from './compare-servers.js';
import { type ComparedServer, openComparedServer } from './compared-server.js';
import { comparisonLines } from './comparison-lines.js';

const SEED = 7;
const stores: FakeEventStore[] = [];
const servers: ComparedServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  for (const store of stores.splice(0)) store.close();
});

async function open(options?: EventStoreOptions): Promise<ComparedServer> {
  const store = await startEventStore(options);
  stores.push(store);
  const server = openComparedServer(store.connectionString, 'compare-');
  servers.push(server);
  return server;
}

/** A fresh stand-in with one that takes the place of the real server. */
async function compare(options?: EventStoreOptions, operations = 250, seed = SEED): Promise<Comparison> {
  return compareServers({ standIn: await open(), server: await open(options), operations, seed });
}

const wrong = (change: (right: Storage) => Partial<Storage>): EventStoreOptions => {
  const storage = createStorage();
  return { storage: Object.assign({}, storage, change(storage)) };
};

const decidingOtherwise = (change: (decision: Decision) => Decision): EventStoreOptions =>
  wrong((right) => ({ decide: (...asked) => change(right.decide(...asked)) }));

describe('comparing servers', () => {
  it('finds no difference between two that are alike, whatever else is in them', async () => {
    const other = await compare({ systemProjections: true, firstPosition: 5_000n });
    expect(other.differences).toEqual([]);
    expect(other.performed.used + other.performed.deleted).toBe(250);
    expect(other.performed.deleted).toBeGreaterThan(30);
    expect(comparisonLines(other, { operations: 250, seed: SEED }).at(-1)).toBe(
      '250 operations (seed 7): no difference',
    );
  });

  it('counts what the stand-in does not know, and takes it for no difference', async () => {
    const { notKnown, differences } = await compare();
    expect(notKnown.length).toBeGreaterThan(0);
    expect(notKnown.every((operation) => /^read [ud]\d+ forwards from end/u.test(operation))).toBe(true);
    expect(differences).toEqual([]);
  });

  it('draws the same operations for the same seed, and others for another', async () => {
    const texts = async (seed: number): Promise<readonly string[]> => {
      const { differences } = await compare(
        decidingOtherwise(() => ({ kind: 'deleted' })),
        20,
        seed,
      );
      return differences.flatMap(({ operation, history }) => [...history, operation]);
    };
    const first = await texts(SEED);
    expect(first.length).toBeGreaterThan(0);
    expect(await texts(SEED)).toEqual(first);
    expect(await texts(SEED + 1)).not.toEqual(first);
  });

  it('names a server that takes a conflict for a repeat, with what led there', async () => {
    const { differences } = await compare(
      decidingOtherwise((decision) =>
        decision.kind === 'wrong_version' && decision.current > 0
          ? { kind: 'repeat', last: decision.current, replicated: true }
          : decision,
      ),
    );
    const [first] = differences;
    expect(first).toMatchObject({
      operation: expect.stringMatching(/^append to [ud]\d+ at .+, (repeated|too|ids)/u),
      standIn: expect.stringMatching(/^wrong-expected-version: expected .+, actual \d+$/u),
      server: expect.stringMatching(/^next \d+$/u),
    });
    const stream = /append to (\w+)/u.exec(first?.operation ?? '')?.[1];
    expect(first?.history.length).toBeGreaterThan(0);
    expect(first?.history.every((line) => line.includes(` ${String(stream)} `))).toBe(true);
  });

  it('names a server that tells another actual revision', async () => {
    const { differences } = await compare(
      decidingOtherwise((decision) =>
        decision.kind === 'wrong_version' ? { ...decision, current: decision.current + 1 } : decision,
      ),
    );
    expect(differences[0]?.standIn).toMatch(/actual (no_stream|\d+)$/u);
    expect(differences[0]?.server).not.toBe(differences[0]?.standIn);
  });

  it('names a server whose reads forget a maximal count', async () => {
    const { differences } = await compare(
      wrong((right) => ({
        metadataOf: (stream) => Object.assign({}, right.metadataOf(stream), { maxCount: undefined }),
      })),
    );
    expect(differences.length).toBeGreaterThan(0);
    for (const { operation, history } of differences) {
      expect(operation).toMatch(/^read [ud]\d+ /u);
      expect(history.some((line) => line.includes('"maxCount"'))).toBe(true);
    }
  });

  it('names a server that shows $all in another order', async () => {
    const { differences } = await compare(
      wrong((right) => ({
        // The metadata that bring a stream back come before the append that did it.
        write(stream, events) {
          const isDeleted = right.metadataOf(stream).truncateBefore === Number(2n ** 63n - 1n);
          const last = right.shownOf(stream).length;
          if (isDeleted) right.write(`$$${stream}`, [undeletion(last)]);
          return right.write(stream, events);
        },
      })),
      600,
    );
    expect(differences.length).toBeGreaterThan(0);
    expect(differences.some(({ operation }) => operation.startsWith('read $all'))).toBe(true);
    expect(differences.every(({ group }) => group === 'deleted')).toBe(true);
  });

  it('stops when there is enough to be looked at, and says how far it came', async () => {
    const comparison = await compare(
      decidingOtherwise(() => ({ kind: 'deleted' })),
      1_000,
    );
    expect(comparison.differences).toHaveLength(MOST_DIFFERENCES);
    expect(comparisonLines(comparison, { operations: 1_000, seed: SEED }).at(-1)).toMatch(
      /^\d+ of 1000 operations \(seed 7\): 20 differences, above$/u,
    );
  });

  it('breaks off when a server cannot be reached, which is no difference', async () => {
    const standIn = await open();
    const server = await open();
    stores[1]?.stop();
    await expect(compareServers({ standIn, server, operations: 5, seed: SEED })).rejects.toMatchObject({
      type: 'unavailable',
    });
  });
});

const undeletion = (truncateBefore: number) => ({
  id: 'undeletion',
  type: '$metadata',
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify({ $tb: truncateBefore })),
  metadata: new Uint8Array(),
});
