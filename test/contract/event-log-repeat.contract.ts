import { expect, it } from '@jest/globals';
import type { EventLog, NewEvent } from '../../src/ports/event-log.js';
import { follow } from '../support/follow.js';
import {
  append,
  appended,
  eventsOf,
  sampleEvent,
  sampleEvents,
  wholeStream,
} from '../support/sample-events.js';

export function repeatContract(log: () => EventLog): void {
  it('answers a repeated attempt with the original events and writes nothing', async () => {
    const attempt = sampleEvents(3);
    await appended(log(), 'cronJob-a', 0, 2);
    const original = await append(log(), 'cronJob-a', 2, attempt);
    const head = await log().head();
    expect(await append(log(), 'cronJob-a', 2, attempt)).toEqual(original);
    const following = follow(log(), ['cronJob-'], head);
    await following.untilCaughtUp();
    expect(following.events()).toEqual([]);
    expect(await wholeStream(log(), 'cronJob-a')).toHaveLength(5);
  });

  it('answers a repeated attempt also when others have appended since', async () => {
    const attempt = sampleEvents(2);
    const original = await append(log(), 'cronJob-a', 0, attempt);
    await appended(log(), 'cronJob-a', 2, 4);
    expect(await append(log(), 'cronJob-a', 0, attempt)).toEqual(original);
    expect(await wholeStream(log(), 'cronJob-a')).toHaveLength(6);
  });

  it('answers the same attempt twice in one call', async () => {
    const write = { stream: 'cronJob-a', expectedVersion: 0, events: sampleEvents(2) };
    const [first, second] = await log().append([write, write]);
    expect(eventsOf(second)).toEqual(eventsOf(first));
    expect(await wholeStream(log(), 'cronJob-a')).toHaveLength(2);
  });

  it('recognises a repeat by its ids alone and keeps what is stored', async () => {
    const event = sampleEvent({ said: 'first' });
    await append(log(), 'cronJob-a', 0, [event]);
    const repeat = await append(log(), 'cronJob-a', 0, [sampleEvent({ said: 'second' }, event.id)]);
    expect(eventsOf(repeat).map(({ id, version }) => [id, version])).toEqual([[event.id, 1]]);
    expect((await wholeStream(log(), 'cronJob-a')).map(({ data }) => data)).toEqual([{ said: 'first' }]);
  });

  it.each<[string, (a: NewEvent, b: NewEvent) => NewEvent[]]>([
    ['only the first', (a) => [a, sampleEvent()]],
    ['only the last', (_, b) => [sampleEvent(), b]],
    ['all, but in another order', (a, b) => [b, a]],
    ['all, but with one more', (a, b) => [a, b, sampleEvent()]],
    ['the second where the first stands', (_, b) => [b]],
  ])('conflicts when of the ids of a repeat %s match', async (_, repeat) => {
    const [a, b] = [sampleEvent(), sampleEvent()];
    await append(log(), 'cronJob-a', 0, [a, b]);
    expect(await append(log(), 'cronJob-a', 0, repeat(a, b))).toEqual({ kind: 'conflict', version: 2 });
    expect(await wholeStream(log(), 'cronJob-a')).toHaveLength(2);
  });

  it('conflicts when the ids stand at another version than the one expected', async () => {
    const event = sampleEvent();
    await appended(log(), 'cronJob-a', 0, 1);
    await append(log(), 'cronJob-a', 1, [event]);
    expect(await append(log(), 'cronJob-a', 0, [event])).toEqual({ kind: 'conflict', version: 2 });
  });

  it('does not look at ids at the current version, nor in other streams', async () => {
    const event = sampleEvent();
    const [first] = eventsOf(await append(log(), 'cronJob-a', 0, [event]));
    const [again] = eventsOf(await append(log(), 'cronJob-a', 1, [event]));
    const [elsewhere] = eventsOf(await append(log(), 'cronJob-b', 0, [event]));
    expect([first, again, elsewhere].map((it) => [it?.id, it?.stream, it?.version])).toEqual([
      [event.id, 'cronJob-a', 1],
      [event.id, 'cronJob-a', 2],
      [event.id, 'cronJob-b', 1],
    ]);
  });
}
