import * as z from 'zod';
import { certificationSchema } from '../expiry-check/certification.js';
import type { Certification, CertificationRegistry } from '../ports/certification-registry.js';
import type { IncomingMessage, MessageBus } from '../ports/message-bus.js';
import type { DeadLetters } from './dead-letters.js';
import { BadMessageError } from './bad-message-error.js';
import { assertWhole, readMessage } from './read-message.js';
import type { DeadLetter } from './to-dead-letter.js';
import { CERTIFICATIONS_TOPIC } from './topics.js';

export interface CertificationFeedDependencies {
  bus: MessageBus;
  registry: CertificationRegistry;
  deadLetters: DeadLetters;
}

export const CERTIFICATIONS_GROUP = 'certification-cron.certifications';
/** The name of the feed among the sources of the registry. */
const SOURCE = 'feed';
/** So many that even bad ones, whose errors take the longest, do not hold up the process. */
const AT_ONCE = 200;

/** The value of a message. The id may be omitted: the key has it. */
export const recordSchema = z.object(
  {
    ...certificationSchema.shape,
    certification_id: certificationSchema.shape.certification_id.optional(),
  },
  'must be an object with mentor_id and expires_at',
);

/**
 * Keeps the registry in sync with the topic of the service that owns the certifications: a value is the current record,
 * a tombstone removes it. Messages that cannot be understood are set aside. Resolves when `signal` has aborted.
 */
export function feedCertifications(
  { bus, registry, deadLetters }: CertificationFeedDependencies,
  signal: AbortSignal,
): Promise<void> {
  return bus.consume({
    topic: CERTIFICATIONS_TOPIC,
    group: CERTIFICATIONS_GROUP,
    atMost: AT_ONCE,
    partitionsAtOnce: 1,
    signal,
    async handle(messages) {
      // Of several messages about one certification the last one counts.
      const last = new Map<string, Certification | undefined>();
      const bad: DeadLetter[] = [];
      for (const message of messages) {
        try {
          const { id, certification } = readRecord(message);
          last.set(id, certification);
        } catch (error) {
          if (!(error instanceof BadMessageError)) throw error;
          bad.push({ message, reason: error.message });
        }
      }
      const upserts = [...last.values()].filter((certification) => certification !== undefined);
      const removed = [...last].filter(([, certification]) => certification === undefined).map(([id]) => id);
      if (upserts.length > 0) await registry.upsert(upserts, SOURCE);
      if (removed.length > 0) await registry.remove(removed);
      if (bad.length > 0) await deadLetters.add(bad);
    },
  });
}

function readRecord(message: IncomingMessage): { id: string; certification: Certification | undefined } {
  assertWhole(message);
  const id = readId(message);
  if (message.value === null) return { id, certification: undefined };
  const { payload } = readMessage(message, recordSchema);
  if (payload.certification_id !== undefined && payload.certification_id !== id)
    throw new BadMessageError('certification_id must be the same as the key');
  return { id, certification: { ...payload, certification_id: id } };
}

function readId({ key }: IncomingMessage): string {
  if (key instanceof Uint8Array) throw new BadMessageError('key is no text in UTF-8');
  const id = certificationSchema.shape.certification_id.safeParse(key);
  if (id.success) return id.data;
  const [issue] = id.error.issues;
  throw new BadMessageError(`key must be the certification_id, which ${issue?.message}`);
}
