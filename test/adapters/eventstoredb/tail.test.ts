import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, type Connection } from '../../../src/adapters/eventstoredb/connect.js';
import { followAll } from '../../../src/adapters/eventstoredb/follow-all.js';
import { openTail, type Tail } from '../../../src/adapters/eventstoredb/tail.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import type { Clock } from '../../../src/ports/clock.js';
import { START, type Position } from '../../../src/ports/event-log.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { startEventStore, type FakeEventStore } from '../../stand-ins/eventstoredb/start-event-store.js';
import { createGate, eventually, type Gate } from '../../support/eventually.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const { signal } = new AbortController();
let server: FakeEventStore;
let closing: AbortController;
let connection: Connection;
/** The questions for the head of the log, in their order; each is answered when its gate is opened. */
let asked: Gate[];

beforeEach(async () => {
  server = await startEventStore();
  asked = [];
});
afterEach(async () => {
  closing.abort();
  for (const gate of asked) gate.open();
  await connection.client.dispose();
  server.close();
});

function open({ clock = systemClock, silenceMs = 60_000 }: { clock?: Clock; silenceMs?: number } = {}): Tail {
  closing = new AbortController();
  connection = connect({ url: server.connectionString, clock, deadlineMs: 1_000, closing: closing.signal });
  return openTail(connection, { head, silenceMs });
}

async function head(): Promise<Position> {
  const gate = createGate();
  asked.push(gate);
  await gate.passed;
  return START;
}

async function answer(nth: number): Promise<void> {
  const gate = await eventually(`question ${nth} is asked`, () => asked[nth - 1]);
  gate.open();
}

const isOver = () => eventually('no subscription is open', () => server.openSubscriptions() === 0);

describe('the tail', () => {
  it('ends when it is closed while the head is asked for', async () => {
    const tail = open();
    await eventually('the head is asked for', () => asked.length === 1);
    const closed = tail.close();
    await answer(1);
    await closed;
    await isOver();
  });

  it('ends, and says why, when a check fails while the next subscription is about to be opened', async () => {
    const tail = open({ silenceMs: 20 });
    const covered = tail.cover(['cronJob-'], signal);
    await answer(1);
    await covered;
    await tail.after(START, { prefixes: ['cronJob-'], signal, told: false });
    // The check for silence asks, and after it the next subscription, with more prefixes.
    const check = await eventually('the check asks', () => asked[1]);
    const covering = expect(tail.cover(['other-'], signal)).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    await eventually('the next subscription asks', () => asked[2]);
    check.fail(new StoreError('store_unavailable', 'no answer'));
    await covering;
    await answer(3);
    expect(tail.failure()).toMatchObject({ message: 'no answer' });
    await tail.close();
    await isOver();
  });

  it('gives each subscription its time to search a long log before it subscribes anew', async () => {
    const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
    server.faults.ignoreNewSubscriptions(true);
    const tail = open({ clock, silenceMs: 500 });
    const calls = (): number => server.callsOf('subscribe');
    for (let subscriptions = 1; subscriptions <= 3; subscriptions++) {
      await answer(subscriptions);
      await eventually('it has subscribed', () => calls() === subscriptions);
      await clock.advance(29_000);
      expect(asked).toHaveLength(subscriptions);
      await clock.advance(2_000);
    }
    const closed = tail.close();
    await answer(4);
    await closed;
  });
});

it('a follower that was busy while the tail was lost hears of it: it has to resume', async () => {
  open();
  const broken: { by?: StoreError } = {};
  const tail: Tail = {
    cover: () => Promise.resolve(),
    // It has fallen behind by then.
    isNear: () => broken.by === undefined,
    after: () => Promise.resolve({ events: [], position: START, caughtUp: true, damage: undefined }),
    expect: () => undefined,
    failure: () => broken.by,
    close: () => Promise.resolve(),
  };
  const shared = { join: () => ({ tail, leave: () => Promise.resolve() }), expect: () => undefined };
  const batches = followAll(connection, { from: START, prefixes: ['cronJob-'], signal, head, shared });
  expect((await batches.next()).value).toMatchObject({ caughtUp: true });
  broken.by = new StoreError('store_unavailable', 'the server is gone');
  await expect(batches.next()).rejects.toThrow('the server is gone');
});
