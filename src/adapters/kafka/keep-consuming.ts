import type { Consumption } from '../../ports/message-bus.js';
import { isAborted } from '../../waiting/is-aborted.js';
import { createPauses, createPausesByKey } from '../../waiting/pauses.js';
import { consumeOnce } from './consume-once.js';
import type { ConsumerHealth } from './consumer-health.js';
import { toStoreError } from './kafka-error.js';
import type { KafkaContext } from './kafka-options.js';
import { tellStops } from './tell-stops.js';

/** Restarts the consumer, after a pause, until `ending` aborts. */
export async function keepConsuming(
  context: KafkaContext,
  consumption: Consumption,
  ending: AbortSignal,
  health: ConsumerHealth,
): Promise<void> {
  const { brokers, clock, ids, logger, timings } = context;
  const tell = tellStops(logger, consumption);
  const restarts = createPauses(timings.restart);
  const redeliveries = createPausesByKey(timings.redelivery);
  while (!ending.aborted) {
    const startedAt = clock.monotonic();
    const reason = await consumeOnce(context, consumption, { ending, health, redeliveries });
    if (isAborted(ending)) return;
    // Joining its group proves little: a message that it cannot read ends it only afterwards.
    if (health.isJoined() && clock.monotonic() - startedAt > timings.restart.longestMs) {
      restarts.reset();
      tell.wasWell();
    }
    const error = toStoreError(reason, brokers);
    health.stopped(error.message);
    const pauseMs = restarts.next() * (0.5 + ids.random() / 2);
    tell.stopped(error, pauseMs);
    await clock.sleep(pauseMs, ending);
  }
}
