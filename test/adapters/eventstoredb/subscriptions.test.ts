import { describe, expect, it } from '@jest/globals';
import { START, type Batch } from '../../../src/ports/event-log.js';
import { eventually } from '../../support/eventually.js';
import { eventStoreSession } from './event-store-session.js';
import { follow, type Following } from '../../support/follow.js';
import { appended, places, sampleEvents } from '../../support/sample-events.js';

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
    await eventually('one is left', () => session.server.openSubscriptions() === 1);
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

describe('followers of one process', () => {
  const PREFIXES = [['cronJob-'], ['certificationReminder-'], ['cronJob-', 'lease-'], ['lease-'], ['other-']];

  it('share one subscription once they are at the end of the log', async () => {
    const log = session.open();
    await appended(log, 'cronJob-a', 0, 3);
    const followings = PREFIXES.map((prefixes) => follow(log, prefixes));
    await Promise.all(followings.map((following) => following.untilCaughtUp()));
    await appended(log, 'cronJob-a', 3, 1);
    await appended(log, 'lease-leader', 0, 1);
    await appended(log, 'certificationReminder-a', 0, 1);
    const head = await log.head();
    await Promise.all(followings.map((following) => following.until(({ position }) => position >= head)));
    await eventually('one is left', () => session.server.openSubscriptions() === 1);
    expect(followings.map((following) => places(following.events()))).toEqual([
      [1, 2, 3, 4].map((version) => `cronJob-a@${version}`),
      ['certificationReminder-a@1'],
      [...[1, 2, 3, 4].map((version) => `cronJob-a@${version}`), 'lease-leader@1'],
      ['lease-leader@1'],
      [],
    ]);
  });

  it('miss nothing when one with other prefixes joins while events are written', async () => {
    const log = session.open();
    const followings = [follow(log, ['a-'])];
    await followings[0]?.untilCaughtUp();
    for (let version = 0; version < 40; version++) {
      const joins = version % 10 === 5;
      if (joins) followings.push(follow(log, [`${'bcde'[followings.length - 1] ?? ''}-`, 'a-']));
      const joining = joins ? followings.at(-1)?.pull() : undefined;
      await log.append(
        ['a-1', 'b-1', 'c-1', 'd-1', 'e-1'].map((stream) => ({
          stream,
          expectedVersion: version,
          events: sampleEvents(1),
        })),
      );
      await joining;
    }
    const counts = [40, 80, 80, 80, 80];
    for (const [index, following] of followings.entries()) {
      await following.untilEvents(counts[index] ?? 0);
      for (const stream of new Set(following.events().map((event) => event.stream)))
        expect(places(following.events().filter((event) => event.stream === stream))).toEqual(
          Array.from({ length: 40 }, (_, version) => `${stream}@${version + 1}`),
        );
    }
    await eventually('one is left', () => session.server.openSubscriptions() === 1);
  });

  it('do not wait for one that lags, which then catches up by a subscription of its own', async () => {
    // Many events at once, beside other work of this machine.
    const log = session.open({ deadlineMs: 10_000 });
    const [quick, slow] = [follow(log, ['cronJob-']), follow(log, ['cronJob-'])];
    await Promise.all([quick.untilCaughtUp(), slow.untilCaughtUp()]);
    for (let round = 0; round < 5; round++) {
      await appended(log, `cronJob-${round}`, 0, 2_000);
      await quick.untilEvents(2_000 * (round + 1));
    }
    await slow.untilEvents(10_000);
    expect(places(slow.events())).toEqual(places(quick.events()));
    await eventually('one is left', () => session.server.openSubscriptions() === 1);
  });

  it('are where the log ends soon after one has asked for it, though the last event is not theirs', async () => {
    // The rule for silence alone would take two minutes.
    const log = session.open({ silenceMs: 60_000 });
    const following = follow(log, ['cronJob-']);
    await following.untilCaughtUp();
    session.server.appendForeign('another-program', 3);
    const head = await log.head();
    await following.until(({ position }) => position >= head);
  });
});
