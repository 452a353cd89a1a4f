import { describe, expect, it } from '@jest/globals';
import { serviceDocuments } from '../../../src/service/service-documents.js';
import { documentsInRepository } from '../../golden/documents.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

describe('the documents of a service', () => {
  it('are made over many turns of the event loop, once for all who ask at the same time', async () => {
    const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
    let [now, turns] = [0, 0];
    const documents = serviceDocuments(
      { kafka: undefined },
      {
        ...clock,
        // Each step takes as long as a turn may.
        monotonic: () => (now += 4),
        yield() {
          turns++;
          return clock.yield();
        },
      },
    );
    const [one, other] = await Promise.all([documents.get('openapi.json'), documents.get('openapi.json')]);
    expect(turns).toBeGreaterThan(30);
    expect(one).toBe(other);
    const made = turns;
    expect(await documents.get('openapi.json')).toBe(one);
    expect(turns).toBe(made);
    expect(JSON.parse(one?.text ?? '')).toEqual(documentsInRepository().get('openapi.json'));
    expect(documents.get('package.json')).toBeUndefined();
    expect(documents.get('__proto__')).toBeUndefined();
  });
});
