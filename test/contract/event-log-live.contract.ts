import { expect, it } from '@jest/globals';
import type { EventLog } from '../../src/ports/event-log.js';
import { follow } from '../support/follow.js';
import { appended, expectLogOrder, manyEvents, places } from '../support/sample-events.js';

export function liveContract(log: () => EventLog): void {
  it('misses nothing that is appended between two batches', async () => {
    await log().append(manyEvents('cronJob-', 2_500));
    const following = follow(log(), ['cronJob-', 'late-']);
    await following.until(({ events }) => events.length > 0);
    await appended(log(), 'late-a', 0, 1);
    await following.untilEvents(2_501);
    expect(places(following.events()).at(-1)).toBe('late-a@1');
    await appended(log(), 'late-a', 1, 2);
    await following.untilEvents(2_503);
    expectLogOrder(following.events());
  });

  it('misses nothing while events are appended one by one', async () => {
    const following = follow(log(), ['cronJob-']);
    const reading = following.untilEvents(300);
    for (let version = 0; version < 300; version++) await appended(log(), 'cronJob-a', version, 1);
    await reading;
    const versions = following.events().map(({ version }) => version);
    expect(versions).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  });

  it('serves two subscribers at once, each at its own pace', async () => {
    await log().append(manyEvents('cronJob-', 1_500));
    const [quick, slow] = [follow(log(), ['cronJob-']), follow(log(), ['cronJob-'])];
    await slow.until(({ events }) => events.length > 0);
    await quick.untilCaughtUp();
    const both = [quick.untilEvents(1_501), slow.untilEvents(1_501)];
    await appended(log(), 'cronJob-late', 0, 1);
    await Promise.all(both);
    expect(slow.events()).toEqual(quick.events());
  });

  it('ends without an error when it is aborted while it waits; another goes on', async () => {
    const [ended, other] = [follow(log(), ['cronJob-']), follow(log(), ['cronJob-'])];
    await Promise.all([ended.untilCaughtUp(), other.untilCaughtUp()]);
    const waiting = ended.pull();
    const next = other.untilEvents(1);
    ended.abort();
    expect(await waiting).toBeUndefined();
    expect(await ended.pull()).toBeUndefined();
    await appended(log(), 'cronJob-a', 0, 1);
    await next;
    expect(places(other.events())).toEqual(['cronJob-a@1']);
  });

  it('ends without an error when it is aborted between two batches', async () => {
    await log().append(manyEvents('cronJob-', 2_500));
    const following = follow(log(), ['cronJob-']);
    await following.until(({ events }) => events.length > 0);
    following.abort();
    expect(await following.pull()).toBeUndefined();
  });

  it('ends without an error when it was aborted before it began', async () => {
    const following = follow(log(), ['cronJob-']);
    following.abort();
    expect(await following.pull()).toBeUndefined();
  });

  it('goes on over events that a maximal count has dropped', async () => {
    const old = await appended(log(), 'lease-a', 0, 1_500);
    await appended(log(), 'cronJob-a', 0, 1);
    const before = follow(log(), ['lease-', 'cronJob-']);
    await before.until(({ events }) => events.length > 0);
    await log().setMaxCount('lease-a', 2);
    const after = follow(log(), ['lease-', 'cronJob-'], old[9]?.position);
    const live = [before, after].map((it) =>
      it.until((batch) => places(batch.events).includes('lease-a@1501')),
    );
    await appended(log(), 'lease-a', 1_500, 1);
    await Promise.all(live);
    for (const following of [before, after]) {
      expectLogOrder(following.events());
      expect(places(following.events()).slice(-3)).toEqual(['lease-a@1500', 'cronJob-a@1', 'lease-a@1501']);
    }
  });
}
