import { afterEach, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { createAskClocks } from '../../../src/fleet/ask-clocks.js';
import { createFleet, type Fleet } from '../../../src/fleet/fleet.js';
import { FLEET_STREAM } from '../../../src/events/stream-names.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { createSeededIds } from '../../support/seeded-ids.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const DAY = 86_400_000;
const SETTINGS = { ALLOW_SECONDS: 'false' };

/** Instances on one log, each with a wall clock of its own. */
function createWorld({ hasOwnClock = false } = {}) {
  const time = createVirtualClock('2026-03-26T10:00:00.000Z');
  const ids = createSeededIds();
  const file = openSqliteEventLog({ path: ':memory:', clock: time, ids });
  const log: EventLog = {
    hasOwnClock,
    append: (writes) => file.append(writes),
    readStream: (stream, options) => file.readStream(stream, options),
    subscribe: (options) => file.subscribe(options),
    head: () => file.head(),
    eventIdAt: (position) => file.eventIdAt(position),
    setMaxCount: (stream, count) => file.setMaxCount(stream, count),
    close: () => file.close(),
  };

  const append: EventLog['append'] = (writes) => log.append(writes);

  function start(instance: string, offset = 0, settings: Record<string, string> = SETTINGS) {
    const logger = createCollectingLogger();
    const machine = { offset, isDead: false, append };
    const fleet: Fleet = createFleet({
      log: {
        ...log,
        append: (writes) => (machine.isDead ? Promise.reject(new Error('dead')) : machine.append(writes)),
      },
      clock: { ...time, now: () => time.now() + machine.offset },
      ids,
      logger,
      instance,
      settings,
      signEveryMs: 30_000,
      listenMs: 10_000,
      lookEveryMs: 1_000,
    });
    const over = new AbortController();
    let isSure = false;
    void fleet.agreed.then(() => (isSure = true));
    const ended = fleet.run(over.signal);
    return {
      fleet,
      machine,
      isSure: () => isSure,
      /** The agreed time minus the true one, to the second. */
      error: () => Math.round((fleet.clock.now() - time.now()) / 1000) * 1000,
      told: (level: string) =>
        logger.lines.filter((line) => line.level === level).map(({ message }) => message),
      async stop() {
        over.abort();
        await time.advance(3_000);
        await ended;
      },
      kill(): void {
        // Its signs end; what it wrote stays.
        machine.isDead = true;
        over.abort();
      },
    };
  }
  return { time, log, append, start };
}

const worlds: ReturnType<typeof createWorld>[] = [];
function world(options?: { hasOwnClock: boolean }) {
  const made = createWorld(options);
  worlds.push(made);
  return made;
}
afterEach(async () => {
  for (const { log } of worlds.splice(0)) await log.close();
});

/** A fleet whose instances have all heard each other. */
async function fleetOf(count: number, { time, start }: ReturnType<typeof createWorld>) {
  const instances = Array.from({ length: count }, (_, index) => start(`instance-${index + 1}`));
  await time.advance(61_000);
  for (const { fleet } of instances) expect(fleet.state().instances).toBe(count);
  return instances;
}

function operator({ log, time }: ReturnType<typeof createWorld>) {
  return createAskClocks({ log, clock: time, ids: createSeededIds(7) }, 'tool');
}

/** An instance that did not sign off, days ago. */
async function killedLongAgo(w: ReturnType<typeof createWorld>): Promise<void> {
  const data = {
    instance: 'killed',
    wall_at: '2026-03-20T10:00:00.000Z',
    agreed_at: '2026-03-20T10:00:00.000Z',
    seen: 0,
    asks: false,
    settings: {},
    reason: null,
  };
  const metadata = { actor: 'instance', correlation_id: 'x', causation_id: null, schema_version: 1 };
  const id = '00000000-0000-4000-8000-000000000001';
  const events = [{ id, type: 'InstanceSeen', data, metadata }];
  await w.log.append([{ stream: FLEET_STREAM, expectedVersion: 0, events }]);
}

describe('a fleet', () => {
  it.each([1, 2, 3])(
    'of %d goes on by the right time while one clock is a day ahead, and behind',
    async (count) => {
      const w = world();
      const instances = await fleetOf(count, w);
      const [one] = instances;
      if (one === undefined) throw new Error('no instance');
      for (const offset of [DAY, 0, -DAY, 0]) {
        one.machine.offset = offset;
        await w.time.advance(200_000);
        for (const { error } of instances) expect(error()).toBe(0);
      }
      // Neither do they talk without end.
      const [last] = await w.log.readStream(FLEET_STREAM, { direction: 'backwards', limit: 1 });
      expect(last?.version).toBeLessThan(60 * count);
      expect(one.told('error')).toHaveLength(2);
      for (const { told } of instances.slice(1)) expect(told('error')).toEqual([]);
    },
  );

  it('follows a step that two of three make together', async () => {
    const w = world();
    const instances = await fleetOf(3, w);
    for (const { machine } of instances.slice(0, 2)) machine.offset = DAY;
    await w.time.advance(100_000);
    expect(instances.map(({ error }) => error())).toEqual([DAY, DAY, DAY]);
    expect(instances[2]?.told('error')).toHaveLength(1);
  });

  it('follows its own step soon when the server of the log shows that time, and not when it does not', async () => {
    const w = world({ hasOwnClock: true });
    const [one] = await fleetOf(1, w);
    if (one === undefined) throw new Error('no instance');
    one.machine.offset = DAY;
    await w.time.advance(100_000);
    expect(one.error()).toBe(0);
    one.machine.offset = 0;
    await w.time.advance(1_000);
    w.time.step(DAY);
    await w.time.advance(5_000);
    expect(one.error()).toBe(0);
    expect(one.fleet.state().clockOffMs).toBe(0);
  });

  it('takes in a newcomer whose clock is wrong: it goes by the time of the others at once', async () => {
    const w = world();
    await fleetOf(2, w);
    await w.time.advance(3_000_000);
    const late = w.start('late', DAY);
    await w.time.advance(1_000);
    expect(late.isSure()).toBe(true);
    expect(late.error()).toBe(0);
    await w.time.advance(4_000);
    expect(late.told('error')).toHaveLength(1);
    late.machine.offset = 0;
    await w.time.advance(2_000);
    expect(late.told('info')).toContain('wall clock shows the agreed time again');
  });

  it('corrects one that began alone with a wrong clock, when two others come', async () => {
    const w = world();
    const wrong = w.start('wrong', DAY);
    await w.time.advance(61_000);
    expect(wrong.error()).toBe(DAY);
    const others = [w.start('right-1'), w.start('right-2')];
    await w.time.advance(61_000);
    expect([wrong, ...others].map(({ error }) => error())).toEqual([0, 0, 0]);
  });

  it('is sure at once where it begins, after a stop of days, and after a kill of minutes', async () => {
    const w = world();
    const first = w.start('first');
    await w.time.advance(100);
    expect(first.isSure()).toBe(true);
    await first.stop();
    w.time.skipTo('2026-04-26T10:00:00.000Z');
    const second = w.start('second');
    await w.time.advance(100);
    expect(second.isSure()).toBe(true);
    expect(second.told('info')).toEqual([]);
  });

  it('listens for others after a kill and an outage, then goes by its own clock', async () => {
    const w = world();
    await killedLongAgo(w);
    const next = w.start('next');
    await w.time.advance(9_000);
    expect(next.isSure()).toBe(false);
    await w.time.advance(1_500);
    expect(next.isSure()).toBe(true);
    expect(next.told('warn')).toEqual([
      'no other instance answered: going by the wall clock of this machine',
    ]);
  });

  it('waits for an operator where it begins with clocks that do not agree', async () => {
    const w = world();
    await killedLongAgo(w);
    const instances = [w.start('right'), w.start('wrong', DAY)];
    await w.time.advance(60_000);
    expect(instances.map(({ isSure }) => isSure())).toEqual([false, false]);
    for (const { told } of instances)
      expect(told('error')).toEqual([
        'no two clocks agree: waiting until they do, or for the word of an operator',
      ]);
    const confirmed = operator(w).confirm('my watch is right');
    await w.time.advance(2_000);
    await confirmed;
    await w.time.advance(1_000);
    expect(instances.map(({ isSure }) => isSure())).toEqual([true, true]);
    expect(instances.map(({ error }) => error())).toEqual([0, 0]);
  });

  it('begins when its clocks agree after all', async () => {
    const w = world();
    await killedLongAgo(w);
    const instances = [w.start('right'), w.start('wrong', DAY)];
    await w.time.advance(60_000);
    for (const { machine } of instances) machine.offset = 0;
    await w.time.advance(31_000);
    expect(instances.map(({ isSure }) => isSure())).toEqual([true, true]);
  });

  it('takes the word of an operator, also against the clocks of most', async () => {
    const w = world();
    const instances = await fleetOf(3, w);
    for (const { machine } of instances.slice(1)) machine.offset = DAY;
    await w.time.advance(100_000);
    const confirmed = operator(w).confirm('the time server is wrong');
    await w.time.advance(2_000);
    await confirmed;
    await w.time.advance(100_000);
    expect(instances.map(({ error }) => error())).toEqual([0, 0, 0]);
    const late = w.start('late', DAY);
    await w.time.advance(100_000);
    expect(late.error()).toBe(0);
    w.time.skipTo('2026-03-27T11:00:00.000Z');
    await w.time.advance(100_000);
    expect(late.error()).toBe(DAY);
  });

  it('shows an operator the clock of each instance', async () => {
    const w = world();
    const [, two] = await fleetOf(2, w);
    if (two === undefined) throw new Error('no instance');
    two.machine.offset = DAY;
    await w.time.advance(5_000);
    const asking = operator(w).ask();
    await w.time.advance(2_000);
    const found = await asking;
    expect(found.map(({ instance }) => instance)).toEqual(['instance-1', 'instance-2']);
    const seconds = found.map(({ wallDiffersBy = NaN, agreedDiffersBy = NaN }) =>
      [wallDiffersBy, agreedDiffersBy].map((ms) => Math.round(ms / 1000) || 0),
    );
    expect(seconds).toEqual([
      [0, 0],
      [DAY / 1000, 0],
    ]);
  });

  it('tells of other settings once, and counts them', async () => {
    const w = world();
    const one = w.start('one');
    const two = w.start('two', 0, { ALLOW_SECONDS: 'true' });
    await w.time.advance(100_000);
    for (const { fleet, told } of [one, two]) {
      expect(fleet.state()).toMatchObject({ instances: 2, otherSettings: 1 });
      expect(told('warn')).toEqual([
        'another instance has other settings: which ones count depends on which one leads',
      ]);
    }
    await two.stop();
    await w.time.advance(1_000);
    expect(one.fleet.state()).toMatchObject({ instances: 1, otherSettings: 0 });
  });

  it('keeps its stream short', async () => {
    const w = world();
    await fleetOf(3, w);
    await w.time.advance(3 * 3_600_000);
    const kept = await w.log.readStream(FLEET_STREAM, { direction: 'forwards', limit: 10_000 });
    expect(kept.length).toBeLessThanOrEqual(200);
    expect(kept.at(-1)?.version).toBeGreaterThan(900);
    expect(kept.at(-1)?.version).toBeLessThan(1_200);
  });

  it('does not believe a wrong clock because it was started with it before', async () => {
    const w = world();
    await killedLongAgo(w);
    const right = w.start('right');
    const wrong = w.start('wrong', DAY);
    await w.time.advance(60_000);
    expect([right, wrong].map(({ isSure }) => isSure())).toEqual([false, false]);
    wrong.kill();
    await w.time.advance(3_000);
    const again = w.start('again', DAY);
    await w.time.advance(5_000);
    expect(again.isSure()).toBe(false);
    expect(right.isSure() && right.error() !== 0).toBe(false);
  });

  it('keeps the word of an operator that comes while it asks for the time', async () => {
    const w = world();
    const instances = await fleetOf(3, w);
    const asked = operator(w);
    for (const { machine } of instances.slice(1)) machine.offset = DAY;
    await w.time.advance(1_500);
    const confirmed = asked.confirm('the time server is wrong');
    await w.time.advance(2_000);
    await confirmed;
    await w.time.advance(100_000);
    expect(instances.map(({ error }) => error())).toEqual([0, 0, 0]);
  });

  it('counts one vote of a machine whose instance dies and is started again and again', async () => {
    const w = world();
    const [right] = await fleetOf(1, w);
    let wrong = w.start('wrong-0', DAY);
    for (let time = 1; time <= 60; time++) {
      await w.time.advance(1_000);
      wrong.kill();
      wrong = w.start(`wrong-${time}`, DAY);
    }
    expect(right?.error()).toBe(0);
  });

  it('asks again when it begins to doubt while a sign of its own is being written', async () => {
    const w = world();
    const [one] = await fleetOf(2, w);
    if (one === undefined) throw new Error('no instance');
    let answer = (): void => undefined;
    one.machine.append = async (writes) => {
      await new Promise<void>((resolve) => (answer = resolve));
      one.machine.append = w.append;
      return w.log.append(writes);
    };
    await w.time.advance(31_000);
    one.machine.offset = DAY;
    expect(one.error()).toBe(0);
    answer();
    await w.time.advance(5_000);
    const written = await w.log.readStream(FLEET_STREAM, { direction: 'backwards', limit: 5 });
    expect(written.filter(({ data }) => data.asks === true && data.instance === 'instance-1')).toHaveLength(
      1,
    );
  });

  it('pauses between attempts while the log is down', async () => {
    const w = world();
    const [one] = await fleetOf(1, w);
    if (one === undefined) throw new Error('no instance');
    let attempts = 0;
    one.machine.append = () => {
      attempts++;
      return Promise.reject(new Error('the log is down'));
    };
    await w.time.advance(600_000);
    expect(attempts).toBeLessThan(400);
  });

  it('writes a sign for which it had no turn a little later', async () => {
    const w = world();
    const one = w.start('one');
    await w.time.advance(1_000);
    let conflicts = 0;
    one.machine.append = () => Promise.resolve([{ kind: 'conflict', version: Math.sign(++conflicts) }]);
    await w.time.advance(30_000);
    expect(conflicts).toBeGreaterThanOrEqual(10);
    one.machine.append = w.append;
    const [before] = await w.log.readStream(FLEET_STREAM, { direction: 'backwards', limit: 1 });
    await w.time.advance(2_000);
    const [after] = await w.log.readStream(FLEET_STREAM, { direction: 'backwards', limit: 1 });
    expect(after?.version).toBeGreaterThan(before?.version ?? 0);
  });
});
