import { StoreError } from '../../ports/store-error.js';

/** Kafka's names of the errors for a message, or a batch for one partition, that is too large. */
const TOO_LARGE: readonly unknown[] = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];

/** Access or operation denied (https://kafka.apache.org/protocol#protocol_error_codes). */
const REFUSED: readonly unknown[] = [
  'SASL_AUTHENTICATION_FAILED',
  'KafkaJSSASLAuthenticationError',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'POLICY_VIOLATION',
];

/** Kafka's names of the errors after which a consumer must rejoin its group. */
const MEMBERSHIP_LOST: readonly unknown[] = [
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'NOT_COORDINATOR_FOR_GROUP',
];

/** Kafka's names of the errors for a partition that has just been created, or has just moved. */
const MOVED: readonly unknown[] = [
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'UNKNOWN_LEADER_EPOCH',
  'FENCED_LEADER_EPOCH',
  'KafkaJSBrokerNotFound',
];

/** Names of the errors for a broker that is gone, hangs, or cannot yet do what it is there for. */
const UNREACHABLE: readonly unknown[] = [
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSGroupCoordinatorNotFound',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
];

/** Translates an error of Kafka or its client; names the brokers. */
export function toStoreError(error: unknown, brokers: readonly string[]): StoreError {
  if (error instanceof StoreError) return error;
  const where = `Kafka at ${brokers.join(', ')}`;
  const detail = error instanceof Error ? error.message : String(error);
  if (hasType(error, TOO_LARGE)) {
    const advice = 'larger than the topic takes at once (max.message.bytes)';
    return new StoreError('message_too_large', `${where}: ${advice}: ${detail}`, { cause: error });
  }
  const code = hasType(error, REFUSED) ? 'store_refused' : 'store_unavailable';
  return new StoreError(code, `${where}: ${detail}`, { cause: error });
}

export const isUnknownTopic = (error: unknown): boolean => hasType(error, ['UNKNOWN_TOPIC_OR_PARTITION']);

export const isMoved = (error: unknown): boolean => hasType(error, MOVED);

export const isUnreachable = (error: unknown): boolean => hasType(error, UNREACHABLE);

export const isMembershipLost = (error: unknown): boolean => hasType(error, MEMBERSHIP_LOST);

/** kafkajs wraps a broker's error once or twice; recognised by shape, since errors may come from another realm. */
function hasType(error: unknown, types: readonly unknown[]): boolean {
  for (let at = error; typeof at === 'object' && at !== null; at = 'cause' in at ? at.cause : undefined) {
    if (('type' in at && types.includes(at.type)) || ('name' in at && types.includes(at.name))) return true;
    const several: unknown = 'errors' in at ? at.errors : undefined;
    if (Array.isArray(several) && several.some((one) => hasType(one, types))) return true;
  }
  return false;
}
