import { describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { defaultJobConfig } from '../../../src/events/job-config.js';
import { rulesInForce } from '../../../src/job/rules-in-force.js';
import { runIdOf } from '../../../src/events/stream-names.js';
import type { EventLog, RecordedEvent } from '../../../src/ports/event-log.js';
import { checkReasons } from '../../simulation/checkers/check-reasons.js';
import { checkReminders } from '../../simulation/checkers/check-reminders.js';
import { checkRuns } from '../../simulation/checkers/check-runs.js';
import { checkVerify } from '../../simulation/checkers/check-verify.js';
import type { Violation } from '../../simulation/checkers/violation.js';
import { differingRows } from '../../support/compare-read-models.js';
import type { KcatMessage } from '../../servers/kcat.js';
import type { Life } from '../instance.js';
import type { Sent } from '../round-robin.js';
import { checkAcknowledged } from './check-acknowledged.js';
import { checkLives } from './check-lives.js';
import { checkRows } from './check-rows.js';
import { checkSecondSlots } from './check-second-slots.js';
import { checkTerms } from './check-terms.js';
import { checkTopic } from './check-topic.js';

// A checker that cannot fail proves nothing: each accepts a sound history, and finds the fault in a tampered one.

const CRON_ID = 'cron-1';
const STREAM = `cronJob-${CRON_ID}`;
const at = (second: number): string =>
  new Date(Date.UTC(2026, 2, 26, 10, 0, 0) + second * 1000).toISOString();

interface Made {
  type: string;
  data: Record<string, unknown>;
  request?: string;
  term?: number | undefined;
  actor?: string;
  stream?: string;
}

/** Gives each event the next version of its stream; all have the same recording time. */
function history(made: readonly Made[]): RecordedEvent[] {
  const versions = new Map<string, number>();
  return made.map(({ type, data, request = 'scheduler', term, actor, stream = STREAM }, index) => {
    const version = (versions.get(stream) ?? 0) + 1;
    versions.set(stream, version);
    const metadata = {
      actor: actor ?? (term === undefined ? 'anonymous' : 'scheduler'),
      correlation_id: request,
      causation_id: null,
      schema_version: 1,
      ...(term !== undefined && { term }),
    };
    const position = String(index + 1).padStart(20, '0');
    const id = `event-${index + 1}`;
    return { id, type, stream, version, position, data, metadata, recorded_at: at(0) };
  });
}

const renamed = (name: string): Made => ({
  type: 'CronJobUpdated',
  data: { cron_id: CRON_ID, changes: { name }, reason: null, updated_at: at(1) },
});

const scheduled = (changes: Record<string, unknown> = {}): Made => ({
  type: 'CronJobScheduled',
  request: 'created',
  data: {
    cron_id: CRON_ID,
    ...defaultJobConfig,
    name: 'job',
    cron_expression: '* * * * * *',
    created_at: at(0.5),
    ...changes,
  },
});
const started = (second: number, run_no: number, term = 1): Made => ({
  type: 'RunStarted',
  term,
  data: {
    cron_id: CRON_ID,
    run_id: runIdOf(CRON_ID, run_no),
    run_no,
    trigger: 'schedule',
    slot: at(second),
    after: second === 1 ? at(0.5) : at(second - 1),
    started_at: at(second),
    late_by_ms: 0,
    dry_run: false,
    timeout_seconds: 60,
    rules: rulesInForce({ ...defaultJobConfig, name: 'job', cron_expression: '* * * * * *' }, [30, 7]),
  },
});
const completed = (second: number, run_no: number): Made => ({
  type: 'RunCompleted',
  request: runIdOf(CRON_ID, run_no),
  data: {
    cron_id: CRON_ID,
    run_id: runIdOf(CRON_ID, run_no),
    status: 'success',
    error: null,
    result: { mentors_checked: 1, reminders_sent: 0, errors: 0 },
    completed_at: at(second),
  },
});
const skipped = (from: number, to: number, reason = 'overlap'): Made => ({
  type: 'RunSkipped',
  term: 1,
  data: {
    cron_id: CRON_ID,
    from: at(from),
    to: at(to),
    count: to - from + 1,
    after: at(from - 1),
    reason,
    skipped_at: at(to),
  },
});
const disabled = (second: number): Made => ({
  type: 'CronJobUpdated',
  request: 'disabled',
  data: {
    cron_id: CRON_ID,
    changes: { enabled: false, name: 'disabled' },
    reason: null,
    updated_at: at(second),
  },
});

const SOUND: readonly Made[] = [
  scheduled(),
  started(1, 1),
  completed(1.4, 1),
  started(2, 2),
  skipped(3, 4),
  completed(4.5, 2),
  disabled(4.7),
];
const without = (index: number): Made[] => SOUND.filter((_, at) => at !== index);
const instead = (index: number, ...made: Made[]): Made[] => SOUND.toSpliced(index, 1, ...made);
const texts = (violations: readonly Violation[]): string => violations.map(({ text }) => text).join('\n');

describe('slots', () => {
  const check = (made: readonly Made[]): string => texts(checkSecondSlots(history(made)).violations);

  it('accepts a sound history, and counts what was owed', () => {
    expect(checkSecondSlots(history(SOUND))).toEqual({ slots: 4, violations: [] });
  });

  it('finds a slot that is lost, settled twice, or not owed', () => {
    expect(check(without(1))).toContain(`1 slots lost: ${at(1)}`);
    expect(check(without(4))).toContain(`2 slots lost: ${at(3)}`);
    expect(check(instead(4, skipped(2, 4)))).toContain(`1 slots settled twice: ${at(2)}`);
    expect(check([...SOUND, started(5, 3)])).toContain(`1 slots settled but not owed: ${at(5)}`);
    expect(check(instead(0, scheduled({ cron_expression: '*/2 * * * * *' })))).toContain('not owed');
    const wrongCount = skipped(3, 4);
    expect(check(instead(4, { ...wrongCount, data: { ...wrongCount.data, count: 3 } }))).toContain('twice');
  });

  it('finds a job that was left enabled', () => {
    expect(check(without(6))).toContain('was not disabled at the end');
  });
});

describe('runs and reminders', () => {
  it('accepts a sound history', () => {
    expect([...checkRuns(history(SOUND)), ...checkReasons(history(SOUND))]).toEqual([]);
  });

  it('finds a run that is completed twice or never, an overlap, and a skip without a reason', () => {
    expect(texts(checkRuns(history(instead(5, completed(4.5, 2), completed(4.5, 2)))))).toContain('twice');
    expect(texts(checkRuns(history(without(5))))).toContain('never completed');
    expect(texts(checkRuns(history(without(2))))).toContain('overlaps');
    expect(texts(checkReasons(history(instead(4, skipped(3, 4, 'missed_window')))))).toContain(
      'missed_window',
    );
  });

  it('finds a reminder that is sent twice', () => {
    const reminder: Made = {
      type: 'ReminderRequested',
      stream: 'certificationReminder-1',
      data: {
        cron_id: CRON_ID,
        run_id: runIdOf(CRON_ID, 1),
        mentor_id: 'mentor-1',
        certification_id: 'certification-1',
        expires_at: '2026-04-01',
        threshold_days: 7,
        days_left: 6,
        requested_at: at(1),
      },
    };
    const counted = completed(1.4, 1);
    counted.data = { ...counted.data, result: { mentors_checked: 1, reminders_sent: 1, errors: 0 } };
    const sound = SOUND.toSpliced(2, 1, reminder, counted);
    expect(checkReminders(history(sound))).toEqual([]);
    expect(texts(checkReminders(history(sound.toSpliced(2, 0, reminder))))).toContain('7 days after 7 days');
  });
});

describe('acknowledged writes', () => {
  const sent = (changes: Partial<Sent>): Sent => ({
    id: 'created',
    method: 'POST',
    path: '',
    body: { name: 'job' },
    at: 0,
    took: 1,
    status: 201,
    answer: { id: CRON_ID },
    failure: undefined,
    anyUp: true,
    ...changes,
  });
  const disabling = sent({
    id: 'disabled',
    method: 'PUT',
    path: `/${CRON_ID}`,
    status: 200,
    body: { enabled: false, name: 'disabled' },
  });
  const events = history(SOUND);

  it('accepts what is there as it was answered, and what was left open', () => {
    const open = sent({ id: 'open', status: undefined, failure: 'ECONNRESET' });
    expect(checkAcknowledged(events, [sent({}), disabling, open])).toEqual([]);
  });

  it('finds one that is missing, twice there, refused and still there, or answered with something else', () => {
    expect(texts(checkAcknowledged(events, [sent({ id: 'other' })]))).toContain('is missing');
    expect(texts(checkAcknowledged(history(without(6)), [disabling]))).toContain('is missing');
    expect(texts(checkAcknowledged(history([...SOUND, disabled(5)]), [disabling]))).toContain('2 times');
    expect(texts(checkAcknowledged(events, [sent({ status: 409 })]))).toContain('has left CronJobScheduled');
    expect(texts(checkAcknowledged(events, [sent({ answer: { id: 'cron-2' } })]))).toContain('was answered');
    const manual: Made = {
      ...started(3, 3),
      request: 'executed',
    };
    manual.data = { ...manual.data, slot: null };
    const executing = sent({
      id: 'executed',
      path: `/${CRON_ID}/execute`,
      body: { dry_run: false },
      status: 202,
      answer: { run_id: runIdOf(CRON_ID, 3) },
    });
    expect(checkAcknowledged(history([...SOUND, manual]), [executing])).toEqual([]);
    expect(texts(checkAcknowledged(events, [executing]))).toContain('is missing');
  });
});

describe('terms', () => {
  const lease = (term: number, holder: string): Made => ({
    type: 'LeaseTaken',
    stream: 'lease-leader',
    data: { term, holder },
  });

  it('accepts terms that rise, each with one holder', () => {
    const made = [lease(1, 'a'), ...SOUND.slice(0, 3), lease(2, 'b'), started(2, 2, 2)];
    expect(checkTerms(history(made))).toEqual({ terms: 2, stale: 0, violations: [] });
    const late = [lease(1, 'a'), lease(2, 'b'), started(1, 1, 1)];
    expect(checkTerms(history(late))).toEqual({ terms: 2, stale: 1, violations: [] });
  });

  it('finds a term that falls, a decision without one, and two holders', () => {
    expect(texts(checkTerms(history([started(1, 1, 2), started(2, 2, 1)])).violations)).toContain(
      'after one of term 2',
    );
    expect(texts(checkTerms(history([lease(1, 'a'), lease(1, 'b')])).violations)).toContain('two holders');
    const nobodys = history([{ ...started(1, 1), term: undefined, actor: 'scheduler' }]);
    expect(texts(checkTerms(nobodys).violations)).toContain('has no term');
  });
});

describe('the topic', () => {
  const events = history(SOUND);
  const messages: KcatMessage[] = events.map(({ id, data }, offset) => ({
    partition: 0,
    offset,
    at: 0,
    key: CRON_ID,
    headers: { ce_id: id },
    payload: JSON.stringify(data),
  }));
  const check = (found: KcatMessage[]) => checkTopic('events', events, found);
  const [first] = messages as [KcatMessage];

  it('accepts the log, and counts what comes again', () => {
    expect(check(messages)).toEqual({ repeated: 0, violations: [] });
    expect(check([...messages, ...messages.slice(3)])).toEqual({ repeated: 4, violations: [] });
  });

  it('finds what is missing, out of order, not in the log, or changed', () => {
    expect(texts(check(messages.slice(1)).violations)).toContain('is missing');
    expect(texts(check([...messages.slice(1), first]).violations)).toContain('comes after a later event');
    const strange = { ...first, headers: { ce_id: 'strange' } };
    expect(texts(check([...messages, strange]).violations)).toContain('is not in the log');
    expect(texts(check([{ ...first, payload: '{}' }, ...messages.slice(1)]).violations)).toContain(
      'not what',
    );
    expect(texts(check([...messages, { ...first, payload: '{}' }]).violations)).toContain('differs');
  });
});

const life = (changes: Partial<Life>): Life => ({
  name: 'a1',
  offsetMs: 0,
  instance: 'a',
  state: 'ended',
  errors: [],
  stderr: [],
  asked: 'SIGTERM',
  exit: { code: 0, signal: null },
  ...changes,
});

describe('processes', () => {
  it('accepts those that ended as they were told', () => {
    const killed = life({ asked: 'SIGKILL', exit: { code: null, signal: 'SIGKILL' } });
    expect(checkLives([life({}), killed], [])).toEqual([]);
  });

  it('finds one that ended by itself, not well, or met an error', () => {
    const crashed = life({ asked: undefined, exit: { code: 1, signal: null }, stderr: ['out of luck'] });
    expect(texts(checkLives([crashed], []))).toContain('was not told to end: 1; stderr: out of luck');
    expect(texts(checkLives([life({ exit: { code: 1, signal: null } })], []))).toContain('after SIGTERM');
    expect(texts(checkLives([life({ errors: ['{"level":"error"}'] })], []))).toContain('"error"');
  });
});

describe('the error of an outage of the log', () => {
  const line = (time: string, changes = {}): string =>
    JSON.stringify({
      level: 'error',
      time,
      msg: 'recording slots failed; retrying until it succeeds',
      err: { code: 'store_unavailable' },
      ...changes,
    });
  const outage = { from: Date.parse(at(10)), until: Date.parse(at(12)) };
  const found = (error: string): number => checkLives([life({ errors: [error] })], [outage]).length;

  it('is excused until an append that was under way has failed', () => {
    expect([at(10), at(12), at(16)].map((time) => found(line(time)))).toEqual([0, 0, 0]);
  });

  it('is no excuse at another time, or for another error', () => {
    expect([at(9), at(18)].map((time) => found(line(time)))).toEqual([1, 1]);
    expect(found(line(at(11), { err: { code: 'store_damaged' } }))).toBe(1);
    expect(found(line(at(11), { msg: 'leading failed; another instance may try' }))).toBe(1);
  });
});

describe('verify and the read models', () => {
  const memory = { clock: systemClock, ids: systemIds, path: ':memory:' };

  async function logOf(made: readonly Made[]): Promise<EventLog> {
    const log = openSqliteEventLog(memory);
    if (made.length > 0) await log.append([{ stream: STREAM, expectedVersion: 0, events: history(made) }]);
    return log;
  }

  it('verify accepts a sound log, and finds a gap between the slots', async () => {
    const until = Date.parse(at(5));
    const [sound, tampered] = [await logOf(SOUND), await logOf(without(3))];
    expect(await checkVerify(sound, until)).toEqual([]);
    expect(texts(await checkVerify(tampered, until))).toContain('gap');
    await Promise.all([sound.close(), tampered.close()]);
  });

  it('rows are compared with the log: one that is not there is found', async () => {
    const [empty, log, store] = [await logOf([]), await logOf(SOUND), openSqliteReadStore(memory)];
    expect(await differingRows(empty, store)).toEqual([]);
    expect((await differingRows(log, store)).map(({ text }) => text).join('\n')).toContain(`jobs ${CRON_ID}`);
    await Promise.all([empty.close(), log.close(), store.close()]);
  });

  it('a row that lost an update is excused where the store cannot compare while it writes, and nothing else is', () => {
    const meeting = history([scheduled(), renamed('b'), renamed('c')]);
    const apart = meeting.map((event, index) => ({ ...event, recorded_at: at(10 * index) }));
    const row = { model: 'jobs', key: CRON_ID, sameVersion: true, text: 'differs' } as const;
    expect(checkRows([row], meeting, { atomic: false })).toEqual([]);
    expect(checkRows([row], meeting, { atomic: true })).toHaveLength(1);
    expect(checkRows([row], apart, { atomic: false })).toHaveLength(1);
    expect(checkRows([{ ...row, sameVersion: false }], meeting, { atomic: false })).toHaveLength(1);
    expect(checkRows([{ ...row, model: 'runs' }], meeting, { atomic: false })).toHaveLength(1);
    expect(checkRows([row, row, row, row], meeting, { atomic: false })).toHaveLength(4);
  });
});
