import { beforeEach, expect, it } from '@jest/globals';
import { createServices, type Service } from '../../../src/core/services.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

let clock: VirtualClock;
let told: string[];

beforeEach(() => {
  clock = createVirtualClock('2026-01-01T00:00:00Z');
  told = [];
});

/** Runs until its signal aborts and `lingering` milliseconds more. */
function service(name: string, lingering = 0, ready?: Promise<void>): Service {
  return {
    async run(signal) {
      told.push(`${name} begins`);
      await clock.sleep(Infinity, signal);
      await clock.sleep(lingering);
      told.push(`${name} ends`);
    },
    ...(ready && { ready }),
  };
}

it('starts each when the one before it is ready, and ends them in the reverse order', async () => {
  let becomeReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => (becomeReady = resolve));
  const services = createServices([service('a', 5, ready), service('b', 10)], clock);
  const starting = services.start();
  await clock.advance(1_000);
  expect(told).toEqual(['a begins']);
  becomeReady();
  await starting;
  expect(told).toEqual(['a begins', 'b begins']);
  const stopping = services.stop();
  await clock.advance(20);
  await stopping;
  expect(told.slice(2)).toEqual(['b ends', 'a ends']);
});

it('a stop while one is not ready yet leaves out the others', async () => {
  const never = new Promise<void>(() => undefined);
  const services = createServices([service('a', 0, never), service('b')], clock);
  const starting = services.start();
  await clock.advance(0);
  await services.stop();
  await starting;
  expect(told).toEqual(['a begins', 'a ends']);
});

it('what fails before it is ready fails the start', async () => {
  const broken: Service = {
    run: () => Promise.reject(new Error('damaged')),
    ready: new Promise(() => undefined),
  };
  const services = createServices([broken, service('b')], clock);
  await expect(services.start()).rejects.toThrow('damaged');
  expect(told).toEqual([]);
  await services.stop();
});

it('a second stop waits for the first one, and changes nothing of its order', async () => {
  const services = createServices([service('a'), service('b', 100)], clock);
  await services.start();
  const stopping = [services.stop(), services.stop()];
  await clock.advance(50);
  expect(told).toEqual(['a begins', 'b begins']);
  await clock.advance(100);
  await Promise.all(stopping);
  expect(told.slice(2)).toEqual(['b ends', 'a ends']);
});

it('one that hangs is waited for as long as it says', async () => {
  const hanging: Service = { run: () => new Promise(() => undefined), endsWithinMs: 2_000 };
  const services = createServices([service('a'), hanging], clock);
  await services.start();
  let stopped = false;
  const stopping = services.stop().then(() => (stopped = true));
  await clock.advance(1_999);
  expect([stopped, told]).toEqual([false, ['a begins']]);
  await clock.advance(1);
  await stopping;
  expect(told).toEqual(['a begins', 'a ends']);
});
