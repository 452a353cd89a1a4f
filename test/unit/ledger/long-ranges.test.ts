import { expect, it } from '@jest/globals';
import type { SlotOutcome } from '../../../src/ledger/job-record.js';
import { createSlotLedger, type SlotLedger } from '../../../src/ledger/slot-ledger.js';
import { createSlotProof } from '../../../src/ledger/verify-slots.js';
import { SLOT_ENGINE_VERSION } from '../../../src/schedule/slots.js';
import { given } from '../../support/given.js';

const TODAY = { slot_engine_version: SLOT_ENGINE_VERSION, tzdata_version: 'test' };
const CREATED = Date.parse('2026-03-26T10:00:00.000Z');
const NOW = Date.parse('2031-03-26T10:00:00.000Z');
/** Where a year before now begins: up to there slots were too old. */
const WINDOW = Date.parse('2030-03-26T10:00:00.000Z');
const SECOND = 1_000;

/** A job with a slot each second, down for five years. */
const events = given()
  .after(new Date(CREATED).toISOString(), {
    type: 'ScheduleCronJob',
    config: {
      name: 'seconds',
      cron_expression: '* * * * * *',
      time_zone: 'America/New_York',
      catchup_policy: 'all',
      catchup_window_seconds: 31_536_000,
    },
  })
  .after(new Date(NOW).toISOString(), { type: 'Tick' })
  .events();

function ledger(from: number, to: number): SlotLedger {
  const collected = createSlotLedger({ from, to, limit: 100, now: NOW, today: TODAY });
  for (const event of events) if (collected.take(event, TODAY)) break;
  return collected.ledger();
}

const slotsOf = ({ entries }: SlotLedger): number[] => entries.map(({ slot }) => slot);
const from = (first: number): number[] => Array.from({ length: 100 }, (_, nth) => first + nth * SECOND);

it('a skip of millions of slots is shown page by page', () => {
  const first = ledger(0, NOW);
  expect(slotsOf(first)).toEqual(from(CREATED + SECOND));
  expect(first.nextFrom).toBe(CREATED + 101 * SECOND);
  const second = ledger(first.nextFrom ?? 0, NOW);
  expect(slotsOf(second)).toEqual(from(CREATED + 101 * SECOND));
  expect(new Set(second.entries.map(({ outcome, expected }) => `${outcome} ${expected}`))).toEqual(
    new Set(['skipped true']),
  );
});

it('its end, and what comes after it, is shown too', () => {
  const page = ledger(WINDOW - 2 * SECOND, NOW);
  expect(slotsOf(page)).toEqual(from(WINDOW - 2 * SECOND));
  expect(page.entries.slice(0, 4).map(({ outcome }) => outcome)).toEqual([
    'skipped',
    'skipped',
    'started',
    'waiting',
  ]);
});

it('is proved, and one slot too many or too few is found', () => {
  function findings(change: (count: number) => number): string[] {
    const found: string[] = [];
    const proof = createSlotProof(TODAY);
    for (const event of events) {
      const changed =
        event.type === 'RunSkipped'
          ? { ...event, data: { ...event.data, count: change(event.data.count) } }
          : event;
      proof.take(changed, TODAY, (kind) => found.push(kind));
    }
    expect(proof.waiting(NOW)).toEqual({ from: WINDOW + SECOND, to: NOW, count: (NOW - WINDOW) / SECOND });
    return found;
  }
  const skipped = events.find(({ type }) => type === 'RunSkipped')?.data as Partial<SlotOutcome>;
  expect(skipped.count).toBe((WINDOW - CREATED) / SECOND - 1);
  expect(findings((count) => count)).toEqual([]);
  expect(findings((count) => count - 1)).toEqual(['gap']);
  expect(findings((count) => count + 1)).toEqual(['broken']);
});
