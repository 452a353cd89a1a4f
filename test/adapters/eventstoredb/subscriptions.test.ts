import { describe, expect, it } from '@jest/globals';
import { START, type Batch } from '../../../src/ports/event-log.js';
import { eventually } from '../../support/eventually.js';
import { eventStoreSession } from './event-store-session.js';
import { follow, type Following } from '../../support/follow.js';
import { appended, places } from '../../support/sample-events.js';

const session = eventStoreSession();
const UNAVAILABLE = { name: 'StoreError', code: 'store_unavailable' };

const positionOf = (following: Following): string => following.batches.at(-1)?.position ?? START;

/** What ends a subscription so that it can be taken up again at once. */
const DROPS = {
  'is ended by the server, without an error': () => session.server.faults.endSubscriptions(),
  'is cut': () => session.server.faults.cutSubscriptions(),
  'loses the server, which comes back': async () => {
    session.server.stop();
    await session.server.restart();
  },
};

it.each(Object.entries(DROPS))('fails when it %s, and goes on from its position', async (_, drop) => {
  const log = session.open();
  await appended(log, 'cronJob-a', 0, 3);
  const dropped = follow(log, ['cronJob-']);
  await dropped.untilCaughtUp();
  const waiting = expect(dropped.until(() => false)).rejects.toMatchObject(UNAVAILABLE);
  await drop();
  await waiting;
  const next = follow(log, ['cronJob-'], positionOf(dropped));
  await eventually('the server is there again', () => log.head().then(Boolean, () => false));
  await appended(log, 'cronJob-a', 3, 2);
  await next.untilEvents(2);
  expect(places([...dropped.events(), ...next.events()])).toEqual(
    [1, 2, 3, 4, 5].map((n) => `cronJob-a@${n}`),
  );
});

it('goes on when it has lost its server without a word', async () => {
  const log = session.open();
  const following = follow(log, ['cronJob-']);
  await following.untilCaughtUp();
  session.server.faults.freezeSubscriptions();
  const next = following.untilEvents(2);
  await appended(log, 'cronJob-a', 0, 2);
  await next;
  expect(places(following.events())).toEqual(['cronJob-a@1', 'cronJob-a@2']);
});

it('fails when the server takes a subscription and never answers', async () => {
  const log = session.open({ silenceMs: 50 });
  const following = follow(log, ['cronJob-']);
  await following.untilCaughtUp();
  const waiting = expect(following.until(() => false)).rejects.toMatchObject(UNAVAILABLE);
  session.server.faults.freezeSubscriptions();
  session.server.faults.onReads('hang', 100);
  await waiting;
});

describe('what does not match', () => {
  it('moves the position on, though the server says nothing of a few events', async () => {
    const log = session.open();
    const following = follow(log, ['cronJob-']);
    await following.untilCaughtUp();
    const before = positionOf(following);
    session.server.appendForeign('$stats-127.0.0.1:2113', 3);
    const head = await log.head();
    expect(head > before).toBe(true);
    await following.until(({ position }) => position >= head);
    expect(following.events()).toEqual([]);
  });

  it('is searched once: a later start begins at the last checkpoint', async () => {
    const log = session.open();
    session.server.appendForeign('other-1', 5_000);
    const first = follow(log, ['cronJob-']);
    await first.untilCaughtUp();
    const moved = first.batches.filter(({ position }: Batch) => position !== START);
    expect(moved.length).toBeGreaterThan(0);
    expect(positionOf(first)).toBe(await log.head());
  });
});

describe('leaves no call open on the server', () => {
  const closed = (): Promise<true> =>
    eventually('no subscription is open', () => session.server.openSubscriptions() === 0);

  it('when it is aborted', async () => {
    const following = follow(session.open(), ['cronJob-']);
    await following.untilCaughtUp();
    expect(session.server.openSubscriptions()).toBe(1);
    const ended = following.pull();
    following.abort();
    expect(await ended).toBeUndefined();
    await closed();
  });

  it('when its reader leaves the loop', async () => {
    const log = session.open();
    const { signal } = new AbortController();
    for await (const batch of log.subscribe({ from: START, prefixes: ['cronJob-'], signal })) {
      if (batch.caughtUp) break;
    }
    await closed();
  });

  it('when it is subscribed anew', async () => {
    const log = session.open();
    const following = follow(log, ['cronJob-']);
    await following.untilCaughtUp();
    for (let round = 0; round < 3; round++) {
      session.server.appendForeign('$stats', 1);
      const head = await log.head();
      await following.until(({ position }) => position >= head);
    }
    await eventually('one is left', () => session.server.openSubscriptions() === 1);
  });

  it('when the log is closed', async () => {
    const log = session.open();
    const following = follow(log, ['cronJob-']);
    await following.untilCaughtUp();
    const ended = following.pull();
    await log.close();
    expect(await ended).toBeUndefined();
    await closed();
  });
});
