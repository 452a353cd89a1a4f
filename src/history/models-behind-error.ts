import { StoreError } from '../ports/store-error.js';

/** The read models are being made anew, and without them an answer from the log alone would take too long. It passes. */
export class ModelsBehindError extends StoreError {
  constructor(cronId: string, events: number) {
    const why = 'and the read models are being made anew from the log';
    super('store_unavailable', `${events} events of ${cronId} are behind its newest snapshot, ${why}`);
  }
}
