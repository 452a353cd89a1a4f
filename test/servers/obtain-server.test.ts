import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { obtainServer } from './obtain-server.js';
import { serverNames, serverPlans, type ServerPlan } from './server-plans.js';
import type { Way } from './way.js';

const VARIABLE = 'OBTAIN_SERVER_TEST_URL';
const tried: string[] = [];

/** @param fault why there is no server by this way */
const way = (via: string, fault?: string): Way => ({
  via,
  prepare() {
    tried.push(via);
    if (fault !== undefined) return Promise.reject(new Error(fault));
    return Promise.resolve(() => Promise.resolve({ url: `url of ${via}`, stop: () => Promise.resolve() }));
  },
});

const plan = (ways: readonly Way[], standIn?: Way): ServerPlan => ({
  title: 'Anything',
  givenBy: VARIABLE,
  ways,
  ...(standIn && { standIn }),
  required: false,
});

async function obtained(of: ServerPlan, orStandIn = false): Promise<object> {
  return (await obtainServer(of, { orStandIn })).obtained;
}

beforeEach(() => {
  tried.length = 0;
});
afterEach(() => {
  Reflect.deleteProperty(process.env, VARIABLE);
});

describe('the ways to a server', () => {
  it('are not tried where one is given', async () => {
    process.env[VARIABLE] = 'given://here';
    const given = { kind: 'ready', url: 'given://here', via: 'given' };
    expect(await obtained(plan([way('docker')], way('stand-in')), true)).toEqual(given);
    expect(tried).toEqual([]);
  });

  it('are tried in order until one works', async () => {
    const of = plan([way('docker', 'no Docker'), way('local'), way('further')], way('stand-in'));
    expect(await obtained(of, true)).toEqual({ kind: 'ready', url: 'url of local', via: 'local' });
    expect(tried).toEqual(['docker', 'local']);
  });

  it('end with the stand-in, for those whom it serves', async () => {
    const of = plan([way('docker', 'no Docker')], way('stand-in'));
    expect(await obtained(of, true)).toMatchObject({ kind: 'ready', via: 'stand-in' });
    expect(tried).toEqual(['docker', 'stand-in']);
  });

  it('never lead a test to the stand-in, and say why there is nothing', async () => {
    const of = plan([way('docker', 'no Docker')], way('stand-in'));
    const reason = `${VARIABLE} is not set; docker: no Docker`;
    expect(await obtained(of)).toEqual({ kind: 'missing', reason });
    expect(tried).toEqual(['docker']);
  });

  it('include a stand-in for EventStoreDB alone, of which the tests hear nothing', () => {
    const standIns = serverNames.map((name) => (serverPlans[name] as ServerPlan).standIn?.via);
    const own = 'local: a stand-in for EventStoreDB, which keeps nothing';
    expect(standIns).toEqual([undefined, undefined, own]);
    expect(serverPlans.eventstore.ways.map(({ via }) => via)).toEqual([
      'docker: eventstore/eventstore:24.10',
    ]);
  });
});
