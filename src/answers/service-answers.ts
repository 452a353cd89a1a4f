import * as z from 'zod';
import { SCOPES } from '../access/principal.js';
import { secondInstant } from './instant.js';

/** The bodies of answers about the service itself. */

export const leaderAnswer = z.strictObject({
  instance: z.string().describe('the one that answers'),
  leading: z.boolean().describe('whether it leads itself'),
  status: z
    .enum(['held', 'released', 'expired', 'none', 'unknown'])
    .describe('expired: no renewal was seen in time; unknown: the log has not answered yet'),
  holder: z.string().nullable().describe('the instance that leads; null when nobody does'),
  term: z.int().nullable().describe('the newest there has been; null when there was none'),
  since: secondInstant.nullable().describe('when the term began, by the clock of its holder'),
});

export const scope = z.enum(SCOPES);

export const accessAnswer = z.strictObject({
  actor: z
    .string()
    .describe('as events name the sender: anonymous, or a credential such as key:nightly-sync'),
  scopes: z.array(scope).describe('what the sender may do, in this place; `admin` has those that it implies'),
});

export const liveAnswer = z.strictObject({ status: z.literal('ok'), version: z.string() });

export const dependencyAnswer = z.strictObject({ adapter: z.string(), status: z.enum(['ok', 'degraded']) });

export const readyAnswer = z.strictObject({
  status: z.enum(['starting', 'ready', 'stopping']),
  role: z.enum(['leader', 'follower']),
  dependencies: z.strictObject({
    event_log: dependencyAnswer,
    read_store: dependencyAnswer,
    registry: dependencyAnswer,
    message_bus: dependencyAnswer,
  }),
});

export const schemaEntry = z.strictObject({
  type: z.string(),
  version: z.int(),
  urn: z.string(),
  file: z.string(),
});

export const schemaListAnswer = z.strictObject({
  schemas: z.array(schemaEntry),
});

/** A document in a format that others have published. */
export const documentAnswer = z.record(z.string(), z.unknown());
