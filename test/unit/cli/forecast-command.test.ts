import { describe, expect, it } from '@jest/globals';
import { printJson, printTable } from '../../../src/cli/forecast-command.js';
import type { RunResult } from '../../../src/events/job-events.js';
import type { DueReminder } from '../../../src/expiry-check/reminder-due.js';
import { createTally } from '../../../src/expiry-check/tally.js';

const ABOUT = { cron_id: 'cron-1', name: 'nightly', time_zone: 'Asia/Kolkata', on: '2026-03-26' };
const due = (certification_id: string, days_left: number, type: string | null = null): DueReminder => ({
  certification_id,
  mentor_id: `m-${certification_id}`,
  expires_at: '2026-04-02',
  type,
  labels: [],
  status: 'active',
  renewable_from: null,
  days_left,
  threshold_days: 7,
});
const RESULT: RunResult = {
  mentors_checked: 2,
  reminders_sent: 2,
  errors: 0,
  records_checked: 5,
  reasons: { ...createTally().reasons, superseded: 1, not_due: 2 },
  warnings: [{ code: 'registry_shrank', records: 5, before: 20 }],
};
const REMINDERS = [due('one', 7, 'Führerschein 🎓'), due('longer-id', -3)];

function printed(print: typeof printTable, reminders: readonly DueReminder[], result = RESULT): string {
  let text = '';
  const printer = print(ABOUT, (piece) => (text += piece));
  reminders.forEach(printer.onReminder);
  printer.end(result);
  return text;
}

describe('a forecast as text', () => {
  it('is a table with what was counted below it', () => {
    expect(printed(printTable, REMINDERS).split('\n')).toEqual([
      'cron-1 "nightly", a run on 2026-03-26 (Asia/Kolkata)',
      '',
      'mentor       certification  type            expires     days left  threshold',
      'm-one        one            Führerschein 🎓  2026-04-02          7          7',
      'm-longer-id  longer-id      -               2026-04-02         -3          7',
      'reminders 2; records 5 of 2 mentors, unreadable 0',
      'not reminded: not_due 2, superseded 1',
      'warning: registry_shrank records 5, before 20',
      '',
    ]);
  });

  it('has no table where nobody is reminded', () => {
    const none = { ...RESULT, reminders_sent: 0, reasons: createTally().reasons, warnings: [] };
    expect(printed(printTable, [], none).split('\n').slice(2)).toEqual([
      'reminders 0; records 5 of 2 mentors, unreadable 0',
      '',
    ]);
  });
});

describe('a forecast as JSON', () => {
  it.each([[REMINDERS], [[]]])('is one document', (reminders) => {
    expect(JSON.parse(printed(printJson, reminders))).toEqual({
      ...ABOUT,
      data: reminders.map(({ certification_id, mentor_id, type, days_left }) => {
        const row = { certification_id, mentor_id, type, days_left };
        return { ...row, expires_at: '2026-04-02', threshold_days: 7 };
      }),
      result: RESULT,
    });
  });
});
