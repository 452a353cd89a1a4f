import type { Consumption } from '../../ports/message-bus.js';
import type { Turns } from '../../waiting/turns.js';
import type { ConsumerHealth } from './consumer-health.js';
import type { KafkaContext } from './kafka-options.js';
import type { Membership } from './membership.js';

/** What the parts of one life of a consumer share. */
export interface ConsumerLife {
  context: KafkaContext;
  consumption: Consumption;
  membership: Membership;
  health: ConsumerHealth;
  /** Limits how many partitions are handled at once. */
  turns: Turns;
}
