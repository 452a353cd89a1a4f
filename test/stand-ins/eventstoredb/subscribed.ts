import type { Node } from './node.js';
import type { LogPosition } from './position.js';
import type { EventFilter } from './search-page.js';
import type { SubscriptionCall } from './subscription-call.js';

/** A subscription, and what it is subscribed to. */
export interface Subscribed {
  node: Node;
  call: SubscriptionCall;
  filter: EventFilter;
  window: number;
  /** Events looked at from one checkpoint to the next; Infinity without a filter. */
  interval: number;
  sendCheckpoint: (position: LogPosition) => Promise<unknown>;
}
