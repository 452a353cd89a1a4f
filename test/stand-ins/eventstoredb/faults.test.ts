import { describe, expect, it } from '@jest/globals';
import { NO_STREAM, START } from '@eventstore/db-client';
import { eventually } from '../../support/eventually.js';
import { event, standInSession } from './stand-in-session.js';
import { said, subscribe } from './subscribe-told.js';

const session = standInSession();
const TOO_SLOW = 'Consumer too slow to handle event while live. Client resubscription required.';

describe('faults', () => {
  it('hangs on appends until the deadline of the client', async () => {
    const client = session.connect();
    await session.append(event(), NO_STREAM, { client });
    session.store.faults.onAppends('hang', 2);
    for (let times = 0; times < 2; times++)
      await expect(session.append(event(), 0n, { client, deadline: 300 })).rejects.toMatchObject({
        type: 'deadline-exceeded',
      });
    await eventually('both came and are gone', () => {
      return session.store.callsOf('append') === 3 && session.store.openCalls() === 0;
    });
    expect(await session.append(event(), 0n, { client })).toMatchObject({ nextExpectedRevision: 1n });
  });

  it.each([
    ['write_then_hang', 'deadline-exceeded', 1],
    ['write_then_not_ready', 'unavailable', 1],
    ['write_then_time_out', 'timeout', 1],
    ['not_ready', 'unavailable', 0],
    ['time_out', 'timeout', 0],
  ] as const)('%s: the client sees %s, %d written; the repeat is good', async (fault, type, written) => {
    const client = session.connect();
    await session.append(event(), NO_STREAM, { client, stream: 'warm' });
    session.store.faults.onAppends(fault);
    const same = event();
    await expect(session.append(same, NO_STREAM, { client, deadline: 500 })).rejects.toMatchObject({
      type,
    });
    expect(session.store.storage.shownOf('a')).toHaveLength(written);
    expect(await session.append(same, NO_STREAM, { client })).toMatchObject({ nextExpectedRevision: 0n });
    expect(session.store.storage.shownOf('a')).toHaveLength(1);
  });

  it('drops repeats of what is not replicated, and shows nothing of it', async () => {
    await session.append(event(), NO_STREAM);
    const told = subscribe(session.connect(), START);
    await said(told, 'caught up');
    session.store.faults.stallReplication();
    const same = event();
    const waiting = session.append(same, 0n);
    await eventually('it is written', () => session.store.storage.held() === 1);
    await expect(session.append(same, 0n, { deadline: 200 })).rejects.toMatchObject({
      type: 'deadline-exceeded',
    });
    expect(await session.read()).toHaveLength(1);
    expect(told.said).not.toContain('a@1');
    session.store.faults.resumeReplication();
    const original = await waiting;
    expect(await session.append(same, 0n)).toEqual(original);
    await said(told, 'a@1');
    expect(await session.read()).toHaveLength(2);
  });

  it('ends subscriptions without an error', async () => {
    const told = subscribe(session.connect(), START);
    await said(told, 'caught up');
    session.store.faults.endSubscriptions();
    await said(told, 'end');
    expect([told.errors, session.store.openSubscriptions()]).toEqual([[], 0]);
  });

  it('cuts subscriptions with an error', async () => {
    const told = subscribe(session.connect(), START);
    await said(told, 'caught up');
    session.store.faults.cutSubscriptions();
    await eventually('an error', () => told.errors.length > 0);
    expect(told.errors).toMatchObject([{ type: 'unavailable' }]);
    expect(session.store.openSubscriptions()).toBe(0);
  });

  it('ends live subscriptions as those of a consumer that is too slow, and no others', async () => {
    const live = subscribe(session.connect(), START);
    await said(live, 'caught up');
    session.store.faults.ignoreNewSubscriptions(true);
    subscribe(session.connect(), START);
    await eventually('two are open', () => session.store.openSubscriptions() === 2);
    session.store.faults.tooSlow();
    await eventually('an error', () => live.errors.length > 0);
    expect(live.errors).toMatchObject([{ type: 'timeout', message: expect.stringContaining(TOO_SLOW) }]);
    expect(session.store.openSubscriptions()).toBe(1);
  });

  it('freezes subscriptions, but not those that follow', async () => {
    const frozen = subscribe(session.connect(), START);
    await said(frozen, 'caught up');
    session.store.faults.freezeSubscriptions();
    await session.append(event(), NO_STREAM);
    const other = subscribe(session.connect(), START);
    await said(other, 'a@0');
    expect(frozen.said).not.toContain('a@0');
    expect(session.store.openSubscriptions()).toBe(2);
    session.store.faults.thawSubscriptions();
    await said(frozen, 'a@0');
  });

  it('ignores new subscriptions, which a client may still leave', async () => {
    session.store.faults.ignoreNewSubscriptions(true);
    const told = subscribe(session.connect(), START);
    await eventually('it is open', () => session.store.openSubscriptions() === 1);
    await told.subscription.unsubscribe();
    await eventually('it is left', () => session.store.openSubscriptions() === 0);
    expect(told.said).not.toContain('confirmed');
  });

  it('stops and starts again on the same port with the same events', async () => {
    const client = session.connect();
    await session.append(event(), NO_STREAM, { client });
    const told = subscribe(client, START);
    await said(told, 'a@0');
    session.store.stop();
    await eventually('an error', () => told.errors.length > 0);
    await expect(session.append(event(), 0n, { client })).rejects.toMatchObject({ code: 14 });
    expect(session.store.openSubscriptions()).toBe(0);
    await session.store.restart();
    expect(await session.append(event(), 0n, { client })).toMatchObject({ nextExpectedRevision: 1n });
    expect(await session.read({}, client)).toHaveLength(2);
  });

  it('delays, refuses and hangs on reads', async () => {
    await session.append(event(), NO_STREAM);
    session.store.faults.onReads('not_ready');
    await expect(session.read()).rejects.toMatchObject({ type: 'unavailable' });
    session.store.faults.delayReads(150);
    const began = performance.now();
    await session.read();
    expect(performance.now() - began).toBeGreaterThanOrEqual(140);
    session.store.faults.onReads('hang');
    const hanging = session.connect().readStream('a');
    await eventually('it hangs', () => session.store.openCalls() === 1);
    await hanging.cancel();
    await eventually('it is left', () => session.store.openCalls() === 0);
  });
});
