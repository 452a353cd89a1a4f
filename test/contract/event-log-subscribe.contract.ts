import { expect, it } from '@jest/globals';
import { START, type EventLog } from '../../src/ports/event-log.js';
import { follow } from '../support/follow.js';
import {
  append,
  appended,
  eventsOf,
  expectLogOrder,
  manyEvents,
  places,
  sampleEvents,
} from '../support/sample-events.js';

const sorted = (ids: readonly string[]): string[] => [...ids].sort();

export function subscribeContract(log: () => EventLog): void {
  it('begins at START with all there is, as it was appended', async () => {
    const written = [
      ...(await appended(log(), 'cronJob-a', 0, 2)),
      ...(await appended(log(), 'cronJob-b', 0, 1)),
      ...(await appended(log(), 'cronJob-a', 2, 1)),
    ];
    const following = follow(log(), ['cronJob-']);
    await following.untilCaughtUp();
    expect(following.events()).toEqual(written);
  });

  it('begins after a position, exclusive', async () => {
    const written = await appended(log(), 'cronJob-a', 0, 5);
    const following = follow(log(), ['cronJob-'], written[2]?.position);
    await following.untilCaughtUp();
    expect(places(following.events())).toEqual(['cronJob-a@4', 'cronJob-a@5']);
  });

  it('refuses to begin at a position of another kind of log, and knows no event there', async () => {
    await appended(log(), 'cronJob-a', 0, 1);
    const foreign = 'position-7';
    expect(await log().eventIdAt(foreign)).toBeUndefined();
    await expect(follow(log(), ['cronJob-'], foreign).pull()).rejects.toMatchObject({
      code: 'store_damaged',
    });
  });

  it('delivers nothing again after the head', async () => {
    await appended(log(), 'cronJob-a', 0, 3);
    const following = follow(log(), ['cronJob-'], await log().head());
    await following.untilCaughtUp();
    await appended(log(), 'cronJob-a', 3, 1);
    await following.untilEvents(1);
    expect(places(following.events())).toEqual(['cronJob-a@4']);
  });

  it('can be taken up again at the position of each batch, nothing lost and nothing twice', async () => {
    await log().append([...manyEvents('cronJob-', 1_300), ...manyEvents('other-', 1_200)]);
    const whole = follow(log(), ['cronJob-', 'other-1']);
    await whole.untilCaughtUp();
    const step = Math.ceil(whole.batches.length / 10);
    for (const [index, { position }] of whole.batches.entries()) {
      if (index % step !== 0 && index !== whole.batches.length - 1) continue;
      const rest = follow(log(), ['cronJob-', 'other-1'], position);
      await rest.untilCaughtUp();
      expect(rest.events()).toEqual(whole.batches.slice(index + 1).flatMap(({ events }) => events));
    }
  });

  it('delivers only streams whose names begin with a prefix', async () => {
    for (const stream of ['cronJob-a', 'cronJob', 'CronJob-a', 'cronJobs-a', 'a-cronJob-a', 'cron%ob-a']) {
      await appended(log(), stream, 0, 1);
    }
    const following = follow(log(), ['cronJob-']);
    await following.untilCaughtUp();
    expect(places(following.events())).toEqual(['cronJob-a@1']);
    const wild = follow(log(), ['cron%', 'cron_ob']);
    await wild.untilCaughtUp();
    expect(places(wild.events())).toEqual(['cron%ob-a@1']);
  });

  it('takes several prefixes, each event once and in log order', async () => {
    for (const stream of ['a-1', 'b-1', 'c-1', 'b-2', 'a-2']) await appended(log(), stream, 0, 1);
    const following = follow(log(), ['b-', 'a-', 'a-1']);
    await following.untilCaughtUp();
    expect(places(following.events())).toEqual(['a-1@1', 'b-1@1', 'b-2@1', 'a-2@1']);
  });

  it('says once that an empty log has been read to its end, then waits', async () => {
    const following = follow(log(), ['cronJob-']);
    await following.untilCaughtUp();
    expect(following.events()).toEqual([]);
    const next = following.untilEvents(1);
    // Neither writes anything.
    for (const version of [1, 2]) await append(log(), 'cronJob-a', version, sampleEvents(1));
    await appended(log(), 'cronJob-a', 0, 1);
    await next;
    const before = following.batches.slice(0, -1);
    expect(before.filter(({ caughtUp }) => caughtUp)).toHaveLength(1);
    expect(places(following.events())).toEqual(['cronJob-a@1']);
  });

  it('goes on with what is appended after it caught up', async () => {
    await appended(log(), 'cronJob-a', 0, 1);
    const following = follow(log(), ['cronJob-']);
    await following.untilCaughtUp();
    for (let version = 1; version < 6; version++) {
      const next = following.untilEvents(version + 1);
      await appended(log(), 'cronJob-a', version, 1);
      await next;
    }
    expect(following.events().map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('moves its position on over events that do not match', async () => {
    await log().append(manyEvents('other-', 2_500));
    const head = await log().head();
    const following = follow(log(), ['cronJob-']);
    await following.untilCaughtUp();
    expect(following.events()).toEqual([]);
    expect((following.batches.at(-1)?.position ?? START) >= head).toBe(true);
    const [event] = await appended(log(), 'other-x', 0, 1);
    await following.until(({ position }) => position >= (event?.position ?? START));
    expect(following.events()).toEqual([]);
  });

  it('never moves its position back, nor past what it has delivered', async () => {
    await log().append(manyEvents('cronJob-', 2_200));
    const following = follow(log(), ['cronJob-']);
    await following.untilEvents(2_200);
    let last = START;
    for (const { events, position } of following.batches) {
      expect(events.every((event) => event.position > last && event.position <= position)).toBe(true);
      expect(position >= last).toBe(true);
      last = position;
    }
  });

  it('delivers 3,500 events complete and in order, in several batches', async () => {
    const appendedEvents = (await log().append(manyEvents('cronJob-', 3_500))).flatMap(eventsOf);
    const following = follow(log(), ['cronJob-']);
    await following.untilCaughtUp();
    expect(sorted(following.events().map(({ id }) => id))).toEqual(
      sorted(appendedEvents.map(({ id }) => id)),
    );
    expectLogOrder(following.events());
    expect(following.batches.filter(({ events }) => events.length > 0).length).toBeGreaterThan(1);
    expect(following.batches.slice(0, -1).every(({ caughtUp }) => !caughtUp)).toBe(true);
  });
}
