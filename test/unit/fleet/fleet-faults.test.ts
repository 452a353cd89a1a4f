import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { createFleet, type Fleet } from '../../../src/fleet/fleet.js';
import type { EventLog, SubscribeOptions } from '../../../src/ports/event-log.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { createSeededIds } from '../../support/seeded-ids.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const time = createVirtualClock('2026-03-26T10:00:00.000Z');
const ids = createSeededIds();
let log: EventLog;
beforeEach(() => {
  log = openSqliteEventLog({ path: ':memory:', clock: time, ids });
});
afterEach(() => log.close());

function start(instance: string, faults: Partial<EventLog> = {}) {
  const over = new AbortController();
  const seen: EventLog = {
    hasOwnClock: false,
    append: (writes) => log.append(writes),
    readStream: (stream, options) => log.readStream(stream, options),
    subscribe: (options) => log.subscribe(options),
    head: () => log.head(),
    eventIdAt: (position) => log.eventIdAt(position),
    setMaxCount: (stream, count) => log.setMaxCount(stream, count),
    close: () => log.close(),
    ...faults,
  };
  const fleet: Fleet = createFleet({
    log: seen,
    clock: time,
    ids,
    logger: createCollectingLogger(),
    instance,
    settings: {},
    signEveryMs: 30_000,
    listenMs: 10_000,
    lookEveryMs: 1_000,
  });
  const ended = fleet.run(over.signal);
  return {
    fleet,
    async stop() {
      over.abort();
      await time.advance(5_000);
      await ended;
    },
  };
}

describe('an instance of a fleet', () => {
  it('hears who left while its subscription was broken', async () => {
    let fault = new AbortController();
    const one = start('one', {
      async *subscribe(options: SubscribeOptions) {
        yield* log.subscribe({ ...options, signal: AbortSignal.any([options.signal, fault.signal]) });
        fault = new AbortController();
        if (!options.signal.aborted) throw new Error('the log is down');
      },
    });
    const two = start('two');
    await time.advance(61_000);
    expect(one.fleet.state().instances).toBe(2);
    fault.abort();
    await time.advance(0);
    await two.stop();
    await time.advance(5_000);
    expect(one.fleet.state().instances).toBe(1);
    await one.stop();
  });

  it('keeps the stream short also where that failed at first', async () => {
    let calls = 0;
    const one = start('one', {
      setMaxCount: (stream, count) =>
        ++calls === 1 ? Promise.reject(new Error('contested')) : log.setMaxCount(stream, count),
    });
    await time.advance(61_000);
    expect(calls).toBe(2);
    await one.stop();
  });

  it('follows nothing any more when it has ended, also where its last sign hangs', async () => {
    let following = 0;
    let hangs = false;
    const one = start('one', {
      append: (writes) => (hangs ? new Promise(() => undefined) : log.append(writes)),
      async *subscribe(options: SubscribeOptions) {
        following++;
        yield* log.subscribe(options);
        following--;
      },
    });
    await time.advance(1_000);
    hangs = true;
    await time.advance(31_000);
    expect(following).toBe(1);
    await Promise.race([one.stop(), time.yield().then(() => time.advance(10_000))]);
    await time.advance(10_000);
    expect(following).toBe(0);
  });
});
