import { expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { follow } from '../../support/follow.js';
import { appended, places } from '../../support/sample-events.js';
import { eventStoreSession } from './event-store-session.js';

const session = eventStoreSession();

const versions = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `cronJob-a@${index + 1}`);

it('a server that ends live subscriptions under load is subscribed to anew: nothing is lost, nothing comes twice', async () => {
  const log = session.open();
  const followings = [follow(log, ['cronJob-']), follow(log, ['cronJob-', 'lease-'])];
  await Promise.all(followings.map((following) => following.untilCaughtUp()));
  for (let version = 0; version < 200; version += 10) {
    const next = followings.map((following) => following.untilEvents(version + 10));
    const appending = appended(log, 'cronJob-a', version, 10);
    if (version % 30 === 0) session.server.faults.tooSlow();
    await appending;
    if (version % 20 === 0) session.server.faults.tooSlow();
    await Promise.all(next);
  }
  for (const following of followings) expect(places(following.events())).toEqual(versions(200));
});

it('a burst beyond the live buffer of the server arrives whole', async () => {
  const server = await session.start({ liveBuffer: 8 });
  const log = session.open({ url: server.connectionString, deadlineMs: 10_000 });
  const following = follow(log, ['cronJob-']);
  await following.untilCaughtUp();
  const before = server.callsOf('subscribe');
  await appended(log, 'cronJob-a', 0, 1_000);
  await following.untilEvents(1_000);
  expect(places(following.events())).toEqual(versions(1_000));
  expect(server.callsOf('subscribe')).toBeGreaterThan(before);
});

it('a server that always answers so, and delivers nothing, is a fault', async () => {
  const log = session.open();
  const following = follow(log, ['cronJob-']);
  await following.untilCaughtUp();
  const failed = expect(following.until(() => false)).rejects.toMatchObject({ code: 'store_unavailable' });
  const before = session.server.callsOf('subscribe');
  session.server.faults.tooSlow();
  await eventually('it is subscribed anew', () => session.server.callsOf('subscribe') > before);
  await eventually('that one is live', () => {
    session.server.faults.tooSlow();
    return session.server.openSubscriptions() === 0;
  });
  await failed;
  expect(session.server.callsOf('subscribe') - before).toBeLessThan(4);
});

it('one that catches up by its own subscription survives it, too', async () => {
  const log = session.open({ deadlineMs: 10_000 });
  await appended(log, 'cronJob-a', 0, 5_000);
  const following = follow(log, ['cronJob-']);
  while (following.events().length < 5_000) {
    await following.pull();
    session.server.faults.tooSlow();
  }
  expect(places(following.events())).toEqual(versions(5_000));
  await eventually('one is left', () => session.server.openSubscriptions() <= 1);
});
