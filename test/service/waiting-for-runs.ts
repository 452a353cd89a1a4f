import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jobStream } from '../../src/events/stream-names.js';
import type { CertificationRegistry } from '../../src/ports/certification-registry.js';
import { loadConfig } from '../../src/config/config.js';
import { openAdapters } from '../../src/service/open-adapters.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { createGate, eventually, type Gate } from '../support/eventually.js';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';

const JOB = { name: 'nightly', cron_expression: '0 2 1 1 *', concurrency_policy: 'allow' };
const CROWD = 200;
/** On a machine that is busy with other things, too. */
const SOON_MS = 3_000;

/** What is promised of `wait`, with these stores: two instances share them, and the first one performs the runs. */
export function describeWaits(name: string, environment: () => Record<string, string>): void {
  describe(`waiting for a run, ${name}`, () => {
    let service: RunningApp;
    let other: RunningApp;
    /** While it is closed, checks wait for the registry: their runs stay open. */
    let gate: Gate;
    let id: string;

    const gated = (registry: CertificationRegistry): CertificationRegistry => ({
      ...registry,
      async *pages() {
        await gate.passed;
        yield* registry.pages();
      },
    });
    const start = async (): Promise<RunningApp> => {
      const env = environment();
      const { log, store, registry } = await openAdapters(loadConfig(env), {
        logger: createCollectingLogger(),
      });
      return startApp(env, { log, store, registry: gated(registry) });
    };
    const execute = (search = '', body: object = {}, at = service): Promise<Answer> =>
      at.call('POST', `/${id}/execute${search}`, body);
    const run = (runId: string, search = '', at = service): Promise<Answer> =>
      at.call('GET', `/${id}/runs/${runId}${search}`);
    /** A slow store may show it later. */
    const started = async (): Promise<string> => {
      const runId = String((await execute()).body.run_id);
      await shownByBoth(`/${id}/runs/${runId}`);
      return runId;
    };
    const shownByBoth = (path: string): Promise<boolean> =>
      eventually(`both show ${path}`, async () => {
        const answers = await Promise.all([service.call('GET', path), other.call('GET', path)]);
        return answers.every(({ status }) => status === 200);
      });
    /** Until requests of this test wait. */
    const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

    beforeAll(async () => {
      gate = createGate();
      service = await start();
      other = await start();
    }, 60_000);
    beforeEach(async () => {
      gate = createGate();
      id = String((await service.call('POST', '', JOB)).body.id);
      await shownByBoth(`/${id}`);
    });
    afterAll(async () => {
      gate.open();
      const errors = [...service.logged, ...other.logged].filter(({ level }) => level === 'error');
      await other.app.stop();
      await service.app.stop();
      expect(errors).toEqual([]);
    }, 60_000);

    it('an execute is answered with its end, and every read after it shows the same', async () => {
      gate.open();
      const { status, headers, body } = await execute('?wait=30', { dry_run: true });
      expect(status).toBe(200);
      expect(body).toMatchObject({ cron_id: id, status: 'success', dry_run: true, error: null });
      expect(body.result).toMatchObject({ records_checked: 0 });
      expect(headers.get('location')).toMatch(new RegExp(`/${id}/runs/${body.run_id}$`));
      for (const at of [service, other]) {
        const { triggered_at, ...shown } = body;
        expect((await run(body.run_id as string, '', at)).body).toEqual(shown);
        expect(triggered_at).toBe(shown.started_at);
      }
    });

    it('an execute whose run goes on is accepted as ever, when the time is over', async () => {
      const begun = performance.now();
      const { status, body } = await execute('?wait=1');
      expect(performance.now() - begun).toBeGreaterThan(990);
      expect(status).toBe(202);
      const { run_id, triggered_at } = body;
      expect(body).toEqual({ run_id, cron_id: id, triggered_at, status: 'running', dry_run: false });
      expect((await execute('?wait=0')).status).toBe(202);
      gate.open();
      expect((await run(run_id as string, '?wait=30')).body.status).toBe('success');
    });

    it('a reader learns of the end at once, on any instance, and of time that is over', async () => {
      const runId = await started();
      const over = await run(runId, '?wait=1', other);
      expect([over.status, over.body.status]).toEqual([200, 'running']);
      const waiting = [service, other].map(async (at) => {
        const { status, body } = await run(runId, '?wait=60', at);
        return [status, body, performance.now()] as const;
      });
      await pause(200);
      gate.open();
      const answers = await Promise.all(waiting);
      const times = answers.map(([, , time]) => time);
      expect(Math.max(...times) - Math.min(...times)).toBeLessThan(SOON_MS);
      const shown = (await run(runId)).body;
      for (const [status, body] of answers) expect([status, body]).toEqual([200, shown]);
      expect(shown.status).toBe('success');
      expect((await run(runId, '?wait=60')).body).toEqual(shown);
    });

    it('a run that is cancelled, or whose job is deleted, has an end, too', async () => {
      const first = await started();
      const second = await started();
      const waiting = [run(first, '?wait=60', other), run(second, '?wait=60')];
      await pause(100);
      await service.call('POST', `/${id}/runs/${first}/cancel`, { reason: 'enough' });
      expect((await waiting[0])?.body.error).toMatchObject({ code: 'cancelled', message: 'enough' });
      await service.call('DELETE', `/${id}`);
      gate.open();
      expect((await waiting[1])?.body).toMatchObject({ run_id: second, status: 'success' });
      expect((await run(second, '?wait=60', other)).body.status).toBe('success');
    });

    it(`${CROWD} that wait for one run are answered together, with the same`, async () => {
      const runId = await started();
      const waiting = Array.from({ length: CROWD }, (_, at) =>
        run(runId, '?wait=60', at % 2 === 0 ? service : other),
      );
      await pause(1_000);
      gate.open();
      const answers = await Promise.all(waiting);
      const shown = (await run(runId)).body;
      for (const { status, body } of answers) expect([status, body]).toEqual([200, shown]);
    });

    it.each(['-1', '61', '1.5', '1e1', '', '+5', ' 5', '0x5', '1,2', 'soon', '%35%35%35', '1&wait=2'])(
      'is refused, and nothing done: wait=%s',
      async (wait) => {
        for (const answer of [
          await execute(`?wait=${wait}`),
          await run('run-00000000001', `?wait=${wait}`),
        ]) {
          expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
          expect(answer.body.errors).toEqual([
            { field: 'wait', message: 'must be a whole number of seconds from 0 to 60' },
          ]);
        }
        const events = await service.app.adapters.log.readStream(jobStream(id), {
          direction: 'forwards',
          limit: 10,
        });
        expect(events.map(({ type }) => type)).toEqual(['CronJobScheduled']);
      },
    );

    it('does not begin where there is nothing to wait for', async () => {
      expect((await run('run-00000000001', '?wait=60')).body.code).toBe('run_not_found');
      expect((await service.call('GET', '/cron-none/runs/run-00000000001?wait=60')).status).toBe(404);
      expect((await execute('', { wait: 5 })).body.errors).toMatchObject([{ field: 'wait' }]);
    });

    it('has its places, which clients that hang up give back', async () => {
      const runId = await started();
      const hangUp = new AbortController();
      const waits = Array.from({ length: 250 }, () =>
        fetch(`${service.api}/${id}/runs/${runId}?wait=60`, { signal: hangUp.signal }).catch(() => undefined),
      );
      const refused = await eventually('all places are taken', async () => {
        const answer = await run(runId, '?wait=1');
        return answer.status === 503 && answer;
      });
      expect([refused.body.code, refused.headers.get('retry-after')]).toEqual(['too_many_waits', '5']);
      expect((await execute('?wait=1')).body.code).toBe('too_many_waits');
      // Whoever does not wait is served.
      expect((await service.call('GET', `/${id}/runs`)).body.pagination.total).toBe(1);
      hangUp.abort();
      await Promise.all(waits);
      await eventually('there are places again', async () => (await run(runId, '?wait=0')).status === 200);
      await eventually('one may wait', async () => (await run(runId, '?wait=1')).status === 200);
      const again = Array.from({ length: 120 }, () => run(runId, '?wait=60'));
      await pause(500);
      gate.open();
      expect(new Set((await Promise.all(again)).map(({ status }) => status))).toEqual(new Set([200]));
    }, 60_000);

    it('ends with an answer when the service stops', async () => {
      const third = await start();
      const runId = await started();
      const waiting = [run(runId, '?wait=60', third), execute('?wait=60', {}, third)];
      await pause(500);
      const begun = performance.now();
      const [, ...answers] = await Promise.all([third.app.stop(), ...waiting]);
      expect(performance.now() - begun).toBeLessThan(SOON_MS);
      expect(answers.map(({ status, body }) => [status, body.status])).toEqual([
        [200, 'running'],
        [202, 'running'],
      ]);
    }, 60_000);
  });
}
