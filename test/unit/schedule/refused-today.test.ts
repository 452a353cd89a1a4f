import { expect, it } from '@jest/globals';
import { refusedToday } from '../../../src/schedule/refused-today.js';
import { scheduleOf } from '../../../src/schedule/slots.js';

const options = { allowSeconds: false };

it.each([
  // December, Thursdays, Mondays, the start of the hour: what earlier versions made of these.
  ['0 2 1 JANFEB *', '2026-12-01T02:00:00.000Z'],
  ['0 2 * * SUNTHU', '2026-01-01T02:00:00.000Z'],
  ['0 2 * * 5#1e0', '2026-01-02T02:00:00.000Z'],
  ['*/90 * * * *', '2026-01-01T01:00:00.000Z'],
  ['0 */24 * * *', '2026-01-02T00:00:00.000Z'],
  ['0 0 * * 7/2', '2026-01-04T00:00:00.000Z'],
  ['0\u00a02\u00a0* * *', '2026-01-01T02:00:00.000Z'],
  ['0 2 * * fr\u0131', '2026-01-02T02:00:00.000Z'],
  ['0 2 * * \u017fun', '2026-01-04T02:00:00.000Z'],
  ['\u00a0@daily', '2026-01-02T00:00:00.000Z'],
  ['0\n2 * * *', '2026-01-01T02:00:00.000Z'],
])('a stored job goes on as it was meant by %s, and is named', (cron_expression, slot) => {
  const next = scheduleOf(cron_expression, 'UTC', options).nextAfter(Date.parse('2026-01-01T00:00:00Z'));
  expect(new Date(next ?? 0).toISOString()).toBe(slot);
  expect(refusedToday({ cron_expression, time_zone: 'UTC' }, options)).toEqual([
    expect.objectContaining({ code: 'invalid_cron_expression' }),
  ]);
});

it('names a zone as well as an expression', () => {
  const refused = refusedToday({ cron_expression: '0 2 * JAN0 *', time_zone: 'BST' }, options);
  expect(refused.map(({ field }) => field)).toEqual(['cron_expression', 'time_zone']);
});

it('names nothing that is allowed', () => {
  expect(refusedToday({ cron_expression: '0 2 * * *', time_zone: 'Asia/Kolkata' }, options)).toEqual([]);
});

it.each([
  'H * * * *',
  '0 0 * * H',
  '0 0 * ? *',
  '? 0 * * *',
  '0 0 * * L',
  '0 0 * * 1,L',
  '* * * *',
  '61 * * * *',
])('what no version has accepted stays refused: %s', (cron_expression) => {
  expect(() => scheduleOf(cron_expression, 'UTC', options)).toThrow(
    expect.objectContaining({ code: 'invalid_cron_expression' }),
  );
  expect(refusedToday({ cron_expression, time_zone: 'UTC' }, options)).toEqual([]);
});
