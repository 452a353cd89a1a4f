import type { JobEvent } from '../events/parse-event.js';
import { fromTimestamp } from '../events/timestamp.js';

type Accepted = Extract<JobEvent, { type: 'RequestAccepted' }>;

/** For so long at least a repeat is recognised as one. */
export const REQUESTS_KEPT_MS = 24 * 60 * 60_000;
/** A request that was carried out: its sender may repeat it under the same key. */
export interface AcceptedRequest {
  key_hash: string;
  /** Of its RequestAccepted. */
  version: number;
  /** Who has sent it. */
  actor: string;
  /** Epoch milliseconds. */
  at: number;
}

/** The requests after one more; those that are too old are forgotten. */
export function withRequest(
  requests: readonly AcceptedRequest[],
  { key_hash, accepted_at }: Accepted['data'],
  { version, actor }: Pick<AcceptedRequest, 'version' | 'actor'>,
): readonly AcceptedRequest[] {
  const at = fromTimestamp(accepted_at);
  return [...keptBy(requests, at), { key_hash, version, actor, at }];
}

/** The requests that are remembered at an instant, epoch milliseconds. */
export function keptBy(requests: readonly AcceptedRequest[], instant: number): readonly AcceptedRequest[] {
  return requests.filter(({ at }) => at > instant - REQUESTS_KEPT_MS);
}
