import type { Consumption } from '../../ports/message-bus.js';
import { createBackOff } from './back-off.js';
import { consumeOnce } from './consume-once.js';
import type { ConsumerHealth } from './consumer-health.js';
import { toStoreError } from './kafka-error.js';
import type { KafkaContext } from './kafka-options.js';

/** Starts the consumer again, after a pause, for as long as it should be there. */
export async function keepConsuming(
  context: KafkaContext,
  consumption: Consumption,
  ending: AbortSignal,
  health: ConsumerHealth,
): Promise<void> {
  const { brokers, clock, ids, logger, timings } = context;
  const { topic, group } = consumption;
  const restarts = createBackOff<'restart'>(timings.restartMs);
  const redeliveries = createBackOff<number>(timings.redeliverMs);
  let wasWell = true;
  while (!ending.aborted) {
    const startedAt = clock.monotonic();
    const reason = await consumeOnce(context, consumption, ending, health, redeliveries);
    if (isAborted(ending)) return;
    // Joining its group proves little: what it cannot read ends it only then.
    if (health.isJoined() && clock.monotonic() - startedAt > timings.restartMs[1]) {
      restarts.succeeded('restart');
      wasWell = true;
    }
    const error = toStoreError(reason, brokers);
    health.stopped(error.message);
    const pauseMs = restarts.failed('restart') * (0.5 + ids.random() / 2);
    const about = { err: error, topic, group, pause_ms: Math.round(pauseMs) };
    // Told once for each time that it was well: an outage of the brokers may last for hours.
    if (!wasWell) logger.debug(about, 'A consumer could not be started; it tries again');
    else if (error.code !== 'store_refused')
      logger.warn(about, 'A consumer has stopped; it is started again');
    else logger.error(about, 'A consumer is refused by Kafka; it tries again until its rights are mended');
    wasWell = false;
    await clock.sleep(pauseMs, ending);
  }
}

/** Its own function: a signal may abort while something is awaited, which the type checker does not think of. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
