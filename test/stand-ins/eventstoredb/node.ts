import type { Metadata, StatusObject } from '@grpc/grpc-js';
import type { Breakable, FaultState } from './faults.js';
import { accessDenied, notLeader, unauthenticated } from './rpc-errors.js';
import type { Storage } from './storage.js';

export interface User {
  name: string;
  password: string;
}

export type Method =
  'append' | 'batch_append' | 'delete' | 'tombstone' | 'read' | 'subscribe' | 'gossip' | 'server_features';

/** What all calls of one server share; it outlives a restart. */
export interface Node {
  storage: Storage;
  faults: FaultState;
  subscriptions: Set<Breakable>;
  /** Calls of streams without an end so far, subscriptions included. */
  open: Set<unknown>;
  calls: Map<Method, number>;
  /** How many events and checkpoints may wait for the reader of a live subscription. */
  liveBuffer: number;
  user: User | undefined;
}

export const count = ({ calls }: Node, method: Method): unknown =>
  calls.set(method, (calls.get(method) ?? 0) + 1);

/** Why a streams call is refused up front. Gossip and features are open to all callers. */
export function refusal({ user, faults }: Node, metadata: Metadata): StatusObject | undefined {
  const [authorization] = metadata.get('authorization');
  if (user !== undefined) {
    if (authorization === undefined) return accessDenied();
    const expected = Buffer.from(`${user.name}:${user.password}`).toString('base64');
    if (authorization !== `Basic ${expected}`) return unauthenticated();
  }
  const requiresLeader = metadata.get('requires-leader')[0] === 'true';
  return requiresLeader && faults.leader !== undefined ? notLeader(faults.leader) : undefined;
}
