import { describe, expect, it } from '@jest/globals';
import { completed, created, reminder, RUN, started, verify } from './made-log.js';

describe('the reminders that a run counts', () => {
  it('are in the log', async () => {
    const sound = await verify(created, started(), reminder('a'), reminder('b'), completed(2));
    expect(sound).toMatchObject({ texts: [], proved: true, reminders: 2, reminders_uncounted: 0 });
  });

  it.each([
    ['all', [], 0],
    ['some', [reminder('a')], 1],
  ])('are found missing when %s have been deleted', async (_, left, count) => {
    const { texts, proved } = await verify(created, started(), ...left, completed(3));
    expect(texts).toEqual([`broken: ${RUN} counts 3 reminders, the log holds ${count} of it`]);
    expect(proved).toBe(false);
  });

  it('are in the log before the run ends', async () => {
    const { texts } = await verify(created, started(), completed(1), reminder('a'));
    expect(texts).toEqual([`broken: ${RUN} counts 1 reminders, the log holds 0 of it`]);
  });

  it('may be fewer than those of the run: an attempt before, or a second worker, has read another record', async () => {
    const more = await verify(created, started(), reminder('a'), reminder('b'), completed(1), reminder('c'));
    expect(more).toMatchObject({ texts: [], proved: true, reminders: 3, reminders_uncounted: 2 });
  });

  it('are not expected of a run that another service performs, of a dry run, nor of one that failed', async () => {
    const dry = 'run-0010000000002';
    const others = await verify(
      created,
      started(),
      started(2, true),
      started(3),
      completed(5, { actor: 'external-executor' }),
      completed(4, { run_id: dry }),
      reminder('a', 'run-0010000000003'),
      completed(null, { run_id: 'run-0010000000003' }),
    );
    expect(others).toMatchObject({ texts: [], reminders_uncounted: 1 });
  });
});

describe('a reminder', () => {
  const dry = 'run-0010000000001';

  it.each([
    ['a run that is not there', RUN, 'cron-001', [created]],
    ['a run that starts later', 'run-0010000000002', 'cron-001', [created, started()]],
    ['a job that is not there', 'run-0020000000001', 'cron-002', [created, started()]],
    ['the run of another job', RUN, 'cron-002', [created, started()]],
  ])('is found when it names %s', async (_, run_id, cron_id, before) => {
    const { texts } = await verify(...before, reminder('a', run_id, cron_id));
    expect(texts).toEqual([`broken: a reminder of ${run_id}, which ${cron_id} has not started before`]);
  });

  it.each([
    ['is open', []],
    ['has ended', [completed(1, { run_id: dry })]],
  ])('is found when it names a dry run that %s', async (_, end) => {
    const { texts } = await verify(created, started(1, true), ...end, reminder('a', dry));
    expect(texts).toEqual([`broken: a reminder of the dry run ${dry}`]);
  });
});
