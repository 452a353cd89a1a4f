import type { Consumption } from '../../ports/message-bus.js';
import { isAborted } from '../../waiting/is-aborted.js';
import { createPauses, createPausesByKey } from '../../waiting/pauses.js';
import { consumeOnce } from './consume-once.js';
import type { ConsumerHealth } from './consumer-health.js';
import { toStoreError } from './kafka-error.js';
import type { KafkaContext } from './kafka-options.js';
import { tellStops } from './tell-stops.js';

/** Starts the consumer again, after a pause, for as long as it should be there. */
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
    // Joining its group proves little: what it cannot read ends it only then.
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
