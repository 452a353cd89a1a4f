import { describe, expect, it } from '@jest/globals';
import type { Cluster } from 'kafkajs';
import {
  fetchFromOthers,
  findLivingCoordinator,
  type OutliveBrokers,
} from '../../../src/adapters/kafka/outlive-brokers.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const POLL_MS = 250;
const CALL_MS = 2_000;

const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { name: 'KafkaJSConnectionError' });
const denied = () => Object.assign(new Error('not for you'), { type: 'GROUP_AUTHORIZATION_FAILED' });

function outliving(): OutliveBrokers & { pauses: number[]; end: () => void } {
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  const pauses: number[] = [];
  let ending = false;
  return {
    clock,
    timings: { pollMs: POLL_MS, callMs: CALL_MS },
    pauses,
    end: () => (ending = true),
    membership: {
      isEnding: () => ending,
      async pause(ms) {
        pauses.push(ms);
        await clock.advance(ms);
      },
    },
  };
}

/** Fails with each error in turn, then finds the broker. */
function finding(errors: Error[], broker: object = {}): () => Promise<unknown> {
  return () => {
    const error = errors.shift();
    return error === undefined ? Promise.resolve(broker) : Promise.reject(error);
  };
}

describe('the coordinator of a group', () => {
  it('is looked for again while it cannot be reached, or has not loaded its groups', async () => {
    const options = outliving();
    const loading = Object.assign(new Error('wrapped'), { cause: { type: 'GROUP_LOAD_IN_PROGRESS' } });
    const broker = { nodeId: 2 };
    const found = await findLivingCoordinator(finding([refused(), loading], broker), options);
    expect(found).toMatchObject(broker);
    expect(options.pauses).toEqual([POLL_MS, POLL_MS]);
  });

  it('is given up after the time for a call, at the end of the consumer, and when it refuses', async () => {
    const forever = (): Promise<never> => Promise.reject(refused());
    const late = outliving();
    await expect(findLivingCoordinator(forever, late)).rejects.toThrow('ECONNREFUSED');
    expect(late.pauses).toHaveLength(CALL_MS / POLL_MS);
    const ended = outliving();
    ended.end();
    await expect(findLivingCoordinator(forever, ended)).rejects.toThrow('ECONNREFUSED');
    expect(ended.pauses).toEqual([]);
    const refusing = outliving();
    await expect(findLivingCoordinator(finding([denied()]), refusing)).rejects.toThrow('not for you');
    expect(refusing.pauses).toEqual([]);
  });

  it('makes the member join anew when it is gone, and hides no other error', async () => {
    const broker = {
      heartbeat: () => Promise.reject(refused()),
      offsetCommit: () => Promise.reject(denied()),
      joinGroup: (asked: unknown) => Promise.resolve(asked),
      isConnected: () => true,
    };
    const found = (await findLivingCoordinator(finding([], broker), outliving())) as typeof broker;
    await expect(found.heartbeat()).rejects.toMatchObject({ type: 'NOT_COORDINATOR_FOR_GROUP' });
    await expect(found.offsetCommit()).rejects.toMatchObject({ type: 'GROUP_AUTHORIZATION_FAILED' });
    await expect(found.joinGroup('me')).resolves.toBe('me');
    expect(found.isConnected()).toBe(true);
  });
});

describe('a broker that cannot be reached', () => {
  const asked = { nodeId: '1' };

  async function found(error: Error | undefined): Promise<{ answer: unknown; pauses: number[] }> {
    const options = outliving();
    const findBroker = finding(error === undefined ? [] : [error], { nodeId: 1 });
    const cluster = { findBroker } as unknown as Cluster;
    fetchFromOthers(cluster, options);
    const answer = await cluster.findBroker(asked).catch((failure: unknown) => failure);
    return { answer, pauses: options.pauses };
  }

  it('is one that is not found, after a pause: kafkajs goes on with the others', async () => {
    const { answer, pauses } = await found(refused());
    expect(answer).toMatchObject({
      name: 'KafkaJSBrokerNotFound',
      cause: { message: 'connect ECONNREFUSED' },
    });
    expect(pauses).toEqual([POLL_MS]);
  });

  it('is told from one that refuses, and from one that is there', async () => {
    expect((await found(denied())).answer).toMatchObject({ type: 'GROUP_AUTHORIZATION_FAILED' });
    expect(await found(undefined)).toEqual({ answer: { nodeId: 1 }, pauses: [] });
  });
});
