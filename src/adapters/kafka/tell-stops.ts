import type { Logger } from '../../ports/logger.js';
import type { Consumption } from '../../ports/message-bus.js';
import type { StoreError, StoreErrorCode } from '../../ports/store-error.js';

export interface StopsTeller {
  stopped(error: StoreError, pauseMs: number): void;
  /** The next stop is logged as a new one. */
  wasWell(): void;
}

/** Logs why a consumer stops; a repeated reason only at debug, since an outage of the brokers may last for hours. */
export function tellStops(
  logger: Logger,
  { topic, group }: Pick<Consumption, 'topic' | 'group'>,
): StopsTeller {
  let told: StoreErrorCode | undefined;
  return {
    stopped(error, pauseMs) {
      const about = { err: error, topic, group, pause_ms: Math.round(pauseMs) };
      if (told === error.code) logger.debug(about, 'starting the consumer failed; retrying');
      else if (error.code !== 'store_refused') logger.warn(about, 'consumer stopped; restarting');
      else logger.error(about, 'Kafka refuses the consumer; retrying until its rights are granted');
      told = error.code;
    },
    wasWell() {
      told = undefined;
    },
  };
}
