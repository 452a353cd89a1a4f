import { describe, expect, it } from '@jest/globals';
import { createRecentEvents, type Entry } from '../../../src/adapters/eventstoredb/recent-events.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { sampleEvent } from '../../support/sample-events.js';

const at = (place: number): string => String(place).padStart(20, '0');

function entry(place: number, stream = 'cronJob-a'): Entry {
  const recorded = {
    ...sampleEvent(),
    stream,
    version: place,
    position: at(place),
    recorded_at: '2026-03-26T10:00:00.000Z',
  };
  return { stream, position: at(place), recorded };
}

const damaged = (place: number, stream = 'cronJob-a'): Entry => ({
  stream,
  position: at(place),
  damage: new StoreError('store_damaged', `event ${place}`),
});

describe('the events that have come lately', () => {
  it('are given from any position within them, in order, and the position moves with those that do not match', () => {
    const recent = createRecentEvents(at(10));
    for (const place of [11, 12, 15, 20]) recent.add(entry(place, place === 15 ? 'other-a' : 'cronJob-a'));
    const after = (place: number, prefix = 'cronJob-') => {
      const { events, position } = recent.after(at(place), [prefix]);
      return [...events.map(({ version }) => version), position];
    };
    expect(after(10)).toEqual([11, 12, 20, at(20)]);
    expect(after(11)).toEqual([12, 20, at(20)]);
    expect(after(13)).toEqual([20, at(20)]);
    expect(after(20)).toEqual([at(20)]);
    expect(after(12, 'other-')).toEqual([15, at(20)]);
    recent.moveTo(at(25));
    expect(after(20)).toEqual([at(25)]);
    expect(after(30)).toEqual([at(30)]);
  });

  it('are each there once, whatever is delivered again', () => {
    const recent = createRecentEvents(at(10));
    for (const place of [9, 11, 12, 11, 12, 13]) recent.add(entry(place));
    recent.moveTo(at(12));
    expect(recent.after(at(10), ['']).events.map(({ version }) => version)).toEqual([11, 12, 13]);
    expect(recent.position()).toBe(at(13));
  });

  it('are forgotten when there are too many, and the beginning moves on with them', () => {
    const recent = createRecentEvents(at(0));
    for (let place = 1; place <= 20_000; place++) {
      recent.add(entry(place));
      if (recent.begin() !== at(0)) {
        const { events } = recent.after(recent.begin(), ['']);
        expect(events[0]?.position).toBe(at(Number(recent.begin()) + 1));
        expect(events.length).toBe(place - Number(recent.begin()));
        return;
      }
    }
    throw new Error('nothing was forgotten');
  });

  it('end before one that cannot be read, for those whom it concerns', () => {
    const recent = createRecentEvents(at(10));
    recent.add(entry(11));
    recent.add(damaged(12));
    recent.add(entry(13, 'lease-leader'));
    const concerned = recent.after(at(10), ['cronJob-']);
    expect([concerned.events.length, concerned.position, concerned.damage?.message]).toEqual([
      1,
      at(11),
      'event 12',
    ]);
    expect(recent.after(at(11), ['cronJob-'])).toMatchObject({ events: [], position: at(11) });
    expect(recent.after(at(10), ['lease-'])).toMatchObject({ position: at(13), damage: undefined });
  });
});
