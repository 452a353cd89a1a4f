import { expect, it } from '@jest/globals';
import type { EventLog } from '../../src/ports/event-log.js';
import {
  append,
  appended,
  eventsOf,
  expectLogOrder,
  manyStreams,
  sampleEvents,
  wholeStream,
} from '../support/sample-events.js';

export function appendContract(log: () => EventLog): void {
  it('counts the version of a stream from 1', async () => {
    const [first, second] = await appended(log(), 'cronJob-a', 0, 2);
    const [third] = await appended(log(), 'cronJob-a', 2, 1);
    expect([first?.version, second?.version, third?.version]).toEqual([1, 2, 3]);
  });

  it('answers the events as they are then read, but for their position and time', async () => {
    const answered = eventsOf(await append(log(), 'cronJob-a', 0, sampleEvents(3)));
    const read = await wholeStream(log(), 'cronJob-a');
    expect(read).toMatchObject(answered);
    expect(read).toHaveLength(3);
    for (const event of read) {
      expect(event.stream).toBe('cronJob-a');
      expect(event.recorded_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    }
  });

  it.each([
    ['0 on a stream that exists', 0],
    ['a version that has passed', 2],
    ['a version that is not reached yet', 4],
  ])('conflicts when %s is expected, and tells the version found', async (_, expectedVersion) => {
    const before = await appended(log(), 'cronJob-a', 0, 3);
    const outcome = await append(log(), 'cronJob-a', expectedVersion, sampleEvents(2));
    expect(outcome).toEqual({ kind: 'conflict', version: 3 });
    expect(await wholeStream(log(), 'cronJob-a')).toEqual(before);
  });

  it('conflicts when a version is expected of a stream that does not exist, and finds version 0', async () => {
    expect(await append(log(), 'cronJob-a', 1, sampleEvents(1))).toEqual({ kind: 'conflict', version: 0 });
    expect(await wholeStream(log(), 'cronJob-a')).toEqual([]);
  });

  it('answers nothing to a call without writes', async () => {
    expect(await log().append([])).toEqual([]);
  });

  it('gives each write of a call its own outcome in order, and a conflict leaves the others alone', async () => {
    await appended(log(), 'cronJob-b', 0, 2);
    const outcomes = await log().append([
      { stream: 'cronJob-a', expectedVersion: 0, events: sampleEvents(1) },
      { stream: 'cronJob-b', expectedVersion: 1, events: sampleEvents(1) },
      { stream: 'cronJob-c', expectedVersion: 0, events: sampleEvents(2) },
      { stream: 'cronJob-d', expectedVersion: 7, events: sampleEvents(1) },
      { stream: 'cronJob-b', expectedVersion: 2, events: sampleEvents(1) },
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'appended',
      'conflict',
      'appended',
      'conflict',
      'appended',
    ]);
    expect(outcomes[1]).toEqual({ kind: 'conflict', version: 2 });
    expect(outcomes[3]).toEqual({ kind: 'conflict', version: 0 });
    expect(await wholeStream(log(), 'cronJob-a')).toHaveLength(1);
    expect(await wholeStream(log(), 'cronJob-b')).toHaveLength(3);
    expect(await wholeStream(log(), 'cronJob-c')).toHaveLength(2);
    expect(await wholeStream(log(), 'cronJob-d')).toEqual([]);
  });

  it('takes two writes to one stream in one call, one after the other', async () => {
    const outcomes = await log().append([
      { stream: 'cronJob-a', expectedVersion: 0, events: sampleEvents(2) },
      { stream: 'cronJob-a', expectedVersion: 2, events: sampleEvents(1) },
      { stream: 'cronJob-a', expectedVersion: 2, events: sampleEvents(1) },
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['appended', 'appended', 'conflict']);
    expect(outcomes[2]).toEqual({ kind: 'conflict', version: 3 });
  });

  it('takes many streams in one call', async () => {
    const writes = manyStreams('certificationReminder-', 2_500);
    const outcomes = await log().append(writes);
    const events = outcomes.flatMap(eventsOf);
    expect(events.map(({ id }) => id)).toEqual(writes.map((write) => write.events[0]?.id));
    expect(await log().append(writes)).toEqual(outcomes);
  });

  it('writes several events whole or not at all', async () => {
    const attempts = Array.from({ length: 10 }, () => sampleEvents(5));
    const outcomes = await Promise.all(attempts.map((events) => append(log(), 'cronJob-a', 0, events)));
    const winner = outcomes.findIndex((outcome) => outcome?.kind === 'appended');
    const ids = (await wholeStream(log(), 'cronJob-a')).map(({ id }) => id);
    expect(ids).toEqual(attempts[winner]?.map(({ id }) => id));
  });

  it('lets exactly one of many parallel appends at the same version win', async () => {
    await appended(log(), 'cronJob-a', 0, 1);
    const attempts = sampleEvents(50);
    const outcomes = await Promise.all(attempts.map((event) => append(log(), 'cronJob-a', 1, [event])));
    expect(outcomes.filter((outcome) => outcome?.kind === 'appended')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome?.kind === 'conflict' && outcome.version === 2)).toHaveLength(
      49,
    );
    expect(await wholeStream(log(), 'cronJob-a')).toHaveLength(2);
  });

  it('keeps parallel appends to different streams apart', async () => {
    const streams = Array.from({ length: 40 }, (_, index) => `cronJob-${index}`);
    const outcomes = await Promise.all(streams.map((stream) => appended(log(), stream, 0, 3)));
    expectLogOrder(outcomes.flat().sort((a, b) => (a.position < b.position ? -1 : 1)));
    for (const stream of streams) expect(await wholeStream(log(), stream)).toHaveLength(3);
  });
}
