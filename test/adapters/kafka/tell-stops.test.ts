import { describe, expect, it } from '@jest/globals';
import { tellStops } from '../../../src/adapters/kafka/tell-stops.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';

describe('what stops a consumer of Kafka', () => {
  it('is told once, and again when it is something else', () => {
    const logger = createCollectingLogger();
    const tell = tellStops(logger, { topic: 'a', group: 'a' });
    const codes = ['store_unavailable', 'store_unavailable', 'store_refused', 'store_refused'] as const;
    for (const code of codes) tell.stopped(new StoreError(code, code), 1);
    tell.wasWell();
    tell.stopped(new StoreError('store_refused', 'again'), 1);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn', 'debug', 'error', 'debug', 'error']);
  });
});
