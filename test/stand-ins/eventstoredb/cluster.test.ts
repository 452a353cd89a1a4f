import { describe, expect, it } from '@jest/globals';
import { NO_STREAM } from '@eventstore/db-client';
import { selfSignedCertificate } from '../../support/self-signed-certificate.js';
import { CLASSIC, event, standInSession } from './stand-in-session.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const session = standInSession();

describe('cluster', () => {
  it('is discovered by gossip', async () => {
    const client = session.connect(session.store.discoveryString);
    expect(await session.append(event(), NO_STREAM, { client })).toMatchObject({ success: true });
    expect(session.store.callsOf('gossip')).toBe(1);
  });

  it('sends calls that require a leader to the leader, and the client goes there next', async () => {
    const leader = await session.start({ storage: session.store.storage });
    session.store.faults.follow(leader);
    const client = session.connect();
    const requiring = { ...CLASSIC, expectedRevision: NO_STREAM, requiresLeader: true } as const;
    await expect(client.appendToStream('a', event(), requiring)).rejects.toMatchObject({
      type: 'not-leader',
      leader: { address: leader.host, port: leader.port },
    });
    await client.appendToStream('a', event(), requiring);
    expect([session.store.callsOf('append'), leader.callsOf('append')]).toEqual([1, 1]);
    const follower = session.connect();
    expect(await session.read({}, follower)).toHaveLength(1);
    await expect(session.read({ requiresLeader: true }, follower)).rejects.toMatchObject({
      type: 'not-leader',
    });
    const discovering = session.connect(session.store.discoveryString);
    expect(await session.append(event(), 0n, { client: discovering })).toMatchObject({ success: true });
    expect(leader.callsOf('append')).toBe(2);
  });
});

describe('with TLS', () => {
  it('asks for the right user', async () => {
    const certificate = selfSignedCertificate(temporaryFolder());
    session.store = await session.start({ certificate, user: { name: 'admin', password: 'changeit' } });
    const { connectionString } = session.store;
    await session.connect().appendToStream('a', event(), { ...CLASSIC, expectedRevision: NO_STREAM });
    const asUser = session.connect(connectionString.replace('://', '://admin:changeit@'));
    expect(await session.read({}, asUser)).toHaveLength(1);
    await expect(session.read({}, session.connect())).rejects.toMatchObject({
      type: 'access-denied',
      code: 7,
    });
    const wrong = session.connect(connectionString.replace('://', '://admin:wrong@'));
    await expect(session.read({}, wrong)).rejects.toMatchObject({ type: 'access-denied', code: 16 });
    const untrusting = session.connect(connectionString.replace(/&tlsCaFile=.*/u, ''));
    await expect(session.append(event(), 0n, { client: untrusting })).rejects.toMatchObject({ code: 14 });
  });
});
