import { describe, expect, it } from '@jest/globals';
import { isMembershipLost, toStoreError } from '../../../src/adapters/kafka/kafka-error.js';
import { StoreError } from '../../../src/ports/store-error.js';

const protocolError = (type: string): Error => Object.assign(new Error(`says ${type}`), { type });
const wrapped = (cause: unknown): Error => new Error('several times in vain', { cause });
const brokers = ['kafka-1:9092', 'kafka-2:9092'];

describe('errors of Kafka', () => {
  it.each([
    ['store_unavailable', new Error('connect ECONNREFUSED')],
    ['store_unavailable', protocolError('NOT_LEADER_FOR_PARTITION')],
    ['message_too_large', protocolError('MESSAGE_TOO_LARGE')],
    ['message_too_large', wrapped(wrapped(protocolError('RECORD_LIST_TOO_LARGE')))],
    ['store_refused', wrapped(protocolError('TOPIC_AUTHORIZATION_FAILED'))],
    [
      'store_refused',
      Object.assign(new Error('no'), { errors: [protocolError('CLUSTER_AUTHORIZATION_FAILED')] }),
    ],
    ['store_refused', Object.assign(new Error('no'), { name: 'KafkaJSSASLAuthenticationError' })],
  ])('is %s: %j', (code, error) => {
    const mapped = toStoreError(error, brokers);
    expect(mapped).toMatchObject({ code, cause: error });
    expect(mapped.message).toContain('Kafka at kafka-1:9092, kafka-2:9092: ');
    expect(mapped.message).toContain(error.message);
  });

  it('leaves a StoreError as it is', () => {
    const error = new StoreError('store_unavailable', 'as it is');
    expect(toStoreError(error, brokers)).toBe(error);
  });

  it('knows after which ones a consumer has lost its place', () => {
    expect(isMembershipLost(wrapped(protocolError('REBALANCE_IN_PROGRESS')))).toBe(true);
    expect(isMembershipLost(protocolError('REQUEST_TIMED_OUT'))).toBe(false);
    expect(isMembershipLost(undefined)).toBe(false);
  });
});
