import { describe, expect, it } from '@jest/globals';
import { NO_STREAM, START } from '@eventstore/db-client';
import { eventually } from '../../support/eventually.js';
import { event, events, standInSession } from './stand-in-session.js';
import { said, subscribe } from './subscribe-told.js';

const LIMIT = 20;
const session = standInSession({ liveBuffer: LIMIT });
const TOO_SLOW = { type: 'timeout', code: 10 };

describe('live buffer', () => {
  it('ends a live subscription that gets more at once than fits', async () => {
    const told = subscribe(session.connect(), START);
    await said(told, 'caught up');
    await session.append(events(LIMIT + 1), NO_STREAM);
    await eventually('an error', () => told.errors.length > 0);
    expect(told.errors).toMatchObject([TOO_SLOW]);
    expect(session.store.openSubscriptions()).toBe(0);
  });

  it('ends a live subscription whose reader does not read', async () => {
    const client = session.connect();
    const told = subscribe(client, START);
    await said(told, 'caught up');
    told.subscription.pause();
    // Far more than HTTP/2 takes for a reader that does not read.
    const large = event('x'.repeat(20_000));
    await session.append(large, NO_STREAM, { client });
    for (let revision = 0n; revision < 300n; revision++) await session.append(large, revision, { client });
    told.subscription.resume();
    await eventually('an error', () => told.errors.length > 0);
    expect(told.errors).toMatchObject([TOO_SLOW]);
    expect(told.said.filter((each) => each.startsWith('a@')).length).toBeLessThan(300);
  });

  it('leaves a reader alone that keeps up', async () => {
    const client = session.connect();
    const told = subscribe(client, START);
    await said(told, 'caught up');
    for (let revision = -1; revision < 10 * LIMIT; revision++)
      await session.append(event(), revision === -1 ? NO_STREAM : BigInt(revision), { client });
    await said(told, `a@${10 * LIMIT}`);
    expect(told.errors).toEqual([]);
  });

  it('holds nothing while a subscription catches up, at its own pace', async () => {
    await session.append(events(50 * LIMIT), NO_STREAM);
    const told = subscribe(session.connect(), START);
    await said(told, 'caught up');
    expect(told.said.filter((each) => each.startsWith('a@'))).toHaveLength(50 * LIMIT);
    expect(told.errors).toEqual([]);
  });

  it('holds only what matches the filter', async () => {
    const told = subscribe(session.connect(), START, { prefixes: ['a'], maxSearchWindow: 1_000 });
    await said(told, 'caught up');
    session.store.appendForeign('other', 30 * LIMIT);
    await session.append(event(), NO_STREAM);
    await said(told, 'a@0');
    expect(told.errors).toEqual([]);
  });
});
