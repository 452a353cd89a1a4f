import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jobStream } from '../../src/events/stream-names.js';
import { loadConfig } from '../../src/config/config.js';
import { openAdapters } from '../../src/service/open-adapters.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { createGate, eventually } from '../support/eventually.js';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';

/** A server that is slow to take what others write at once. */
const LATER_MS = 40_000;
/** That many are tried together, so no page ends before them, however slow the machine is. */
const OF_A_CROWD = 20;

type Item = Record<string, any>;

/** What is promised of bulk requests, with these stores, which two instances share. */
export function describeManyJobs(
  name: string,
  environment: () => Record<string, string>,
  size: { jobs: number; crowd: number },
): void {
  describe(`many jobs, ${name}`, () => {
    /** While it is closed, runs stay open. */
    const gate = createGate();
    let service: RunningApp;
    let other: RunningApp;
    let nextLabel = 0;
    /** Each test acts on jobs of its own. */
    let label: string;

    async function start(): Promise<RunningApp> {
      const env = environment();
      const { log, store, registry } = await openAdapters(loadConfig(env), {
        logger: createCollectingLogger(),
      });
      const gated = {
        ...registry,
        async *pages() {
          await gate.passed;
          yield* registry.pages();
        },
      };
      return startApp(env, { log, store, registry: gated });
    }

    beforeAll(async () => {
      service = await start();
      other = await start();
    }, 60_000);
    beforeEach(() => {
      label = `many-${nextLabel++}`;
    });
    afterAll(async () => {
      gate.open();
      const errors = [...service.logged, ...other.logged].filter(({ level }) => level === 'error');
      await other.app.stop();
      await service.app.stop();
      expect(errors).toEqual([]);
    }, 60_000);

    /** A slow store may show them later. */
    async function create(count: number, more: object = {}): Promise<string[]> {
      const job = { name: 'one of many', cron_expression: '0 2 1 1 *', labels: [label], ...more };
      const answers = await Promise.all(Array.from({ length: count }, () => service.call('POST', '', job)));
      await eventually(
        'both show them',
        async () => {
          const asked = [service, other].map((at) => at.call('GET', `?label=${label}&limit=1`));
          return (await Promise.all(asked)).every(({ body }) => body.pagination?.total === count);
        },
        LATER_MS,
      );
      return answers.map(({ body }) => body.id as string);
    }
    /** Sent again, as clients do, while the read models lag behind. */
    const bulk = (given: object, { at = service, key }: { at?: RunningApp; key?: string } = {}) =>
      eventually(
        'it is answered',
        async () => {
          const asked = { filter: { label }, action: 'enable', reason: 'the outage is over', ...given };
          const headers = key === undefined ? {} : { 'Idempotency-Key': key };
          const answer = await at.call('POST', '/bulk', asked, headers);
          return answer.body.code !== 'reads_behind' && answer;
        },
        LATER_MS,
      );
    const crowd = (given: object, key?: string): Promise<Answer[]> =>
      Promise.all(
        Array.from({ length: size.crowd }, (_, nth) =>
          bulk(given, { at: nth % 2 === 0 ? service : other, ...(key !== undefined && { key }) }),
        ),
      );
    const itemsOf = ({ body }: Answer): Item[] => body.data as Item[];
    const outcomes = (answers: readonly Answer[], id: string): string[] =>
      answers
        .flatMap((answer) => itemsOf(answer).filter((one) => one.id === id))
        .map(({ outcome, error }) => String(error?.code ?? outcome));
    const typesOf = async (id: string): Promise<string[]> => {
      const { log } = service.app.adapters;
      const events = await log.readStream(jobStream(id), { direction: 'forwards', limit: 1_000 });
      return events.map(({ type }) => type);
    };

    it('are met once each, page after page, though what is done changes which ones fit', async () => {
      const ids = await create(size.jobs, { enabled: false });
      const asked = { filter: { label, enabled: false } };
      const limit = Math.floor(size.jobs / 2.5);
      const found: Item[] = [];
      for (let cursor: unknown; cursor !== null;) {
        const { status, body } = await bulk({ ...asked, limit, ...(cursor !== undefined && { cursor }) });
        expect([status, body.pagination.total]).toEqual([200, size.jobs]);
        found.push(...(body.data as Item[]));
        cursor = body.pagination.next_cursor;
      }
      expect(found.map(({ id }) => id as string).sort()).toEqual([...ids].sort());
      expect(new Set(found.map(({ outcome }) => outcome as string))).toEqual(new Set(['done']));
      for (const id of ids) expect(await typesOf(id)).toEqual(['CronJobScheduled', 'CronJobUpdated']);
      const left = async (): Promise<number> => itemsOf(await bulk({ ...asked, dry_run: true })).length;
      await eventually('none fits any more', async () => (await left()) === 0, LATER_MS);
    }, 120_000);

    it(`are enabled once by ${size.crowd} requests at once`, async () => {
      const ids = await create(OF_A_CROWD, { enabled: false });
      const answers = await crowd({});
      expect(answers.map(({ status }) => status)).toEqual(Array<number>(size.crowd).fill(200));
      for (const id of ids) {
        expect(await typesOf(id)).toEqual(['CronJobScheduled', 'CronJobUpdated']);
        expect(outcomes(answers, id).filter((outcome) => outcome !== 'unchanged')).toEqual(['done']);
      }
    }, 120_000);

    it(`have one run each of ${size.crowd} requests at once, where they allow no two`, async () => {
      const ids = await create(OF_A_CROWD);
      const answers = await crowd({ action: 'execute' });
      for (const id of ids) {
        expect((await typesOf(id)).filter((type) => type === 'RunStarted')).toHaveLength(1);
        expect(outcomes(answers, id).filter((outcome) => outcome !== 'run_in_progress')).toEqual(['done']);
      }
    }, 120_000);

    it(`have one run each of ${size.crowd} repeats at once, where they would allow more`, async () => {
      const ids = await create(OF_A_CROWD, { concurrency_policy: 'allow' });
      const answers = await crowd({ action: 'execute' }, randomUUID());
      const told = (id: string): string[] =>
        answers
          .flatMap((answer) => itemsOf(answer).filter((one) => one.id === id))
          .map((one) => JSON.stringify(one));
      for (const id of ids) expect(new Set(told(id)).size).toBe(1);
      for (const id of ids) expect(new Set(outcomes(answers, id))).toEqual(new Set(['done']));
      for (const id of ids)
        expect((await typesOf(id)).filter((type) => type === 'RunStarted')).toHaveLength(1);
    }, 120_000);
  });
}
