import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { openRawProducer } from '../adapters/kafka/raw-producer.js';
import { readTopic } from '../servers/kcat.js';
import { describeWithKcat } from '../servers/with-kcat.js';
import { describeWithPython } from '../servers/with-python.js';
import { describeWithServer } from '../servers/with-server.js';
import { eventually } from '../support/eventually.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { startExecutor, type ExecutorProcess } from './executor-process.js';
import { runToEnd } from './run-to-end.js';
import { startService, type ServiceProcess } from './service-process.js';

const EXAMPLE_DATA = 'examples/certifications.csv';
const TWO_DUE = 'certification_id,mentor_id,expires_in_days\nc-1,m-1,7\nc-2,m-1,400\nc-3,m-2,1\n';
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const LIST_REMINDERS = `
import json, sqlite3, sys
print(json.dumps(sqlite3.connect(sys.argv[1]).execute("SELECT certification_id, run_id FROM reminders ORDER BY 1").fetchall()))
`;

type Json = Record<string, any>;

describeWithServer('kafka', 'runs performed by the external executor of the examples', (brokers) => {
  describeWithPython('in Python', (python) => {
    const prefix = `executor-${randomUUID()}.`;
    const dataDir = temporaryFolder();
    const serviceEnv = {
      DATA_DIR: dataDir,
      KAFKA_BROKERS: brokers,
      KAFKA_TOPIC_PREFIX: prefix,
      EXECUTOR: 'external',
    };
    let service: ServiceProcess;
    const executors: ExecutorProcess[] = [];
    /** Of the test at hand. */
    let files: { certifications: string; reminders: string };
    let job: string;

    const json = async (path: string, body?: object, headers: Record<string, string> = {}): Promise<Json> => {
      const response = await fetch(service.api + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      expect(response.ok).toBe(true);
      return (await response.json()) as Json;
    };

    const execute = async (body: object = {}, headers = {}): Promise<string> =>
      (await json(`/${job}/execute`, body, headers)).run_id as string;

    const ended = (run: string): Promise<Json> =>
      eventually(`the end of ${run}`, async () => {
        const found = await json(`/${job}/runs/${run}`);
        return found.status !== 'running' && found;
      });

    const eventsOf = async (run: string, type: string): Promise<Json[]> => {
      const { data } = await json(`/${job}/events?limit=100`);
      return (data as Json[]).filter((event) => event.type === type && event.data.run_id === run);
    };

    async function start(env: Record<string, string> = {}): Promise<ExecutorProcess> {
      const settings = join(temporaryFolder(), 'kafka.properties');
      // What the group waits for before it gives the runs of a killed process to another one.
      writeFileSync(settings, '# librdkafka\nsession.timeout.ms = 1500\nheartbeat.interval.ms=300\n');
      const executor = await startExecutor(python, {
        KAFKA_BROKERS: brokers,
        KAFKA_TOPIC_PREFIX: prefix,
        KAFKA_CONFIG_FILE: settings,
        CERTIFICATIONS_FILE: files.certifications,
        REMINDERS_FILE: files.reminders,
        ...env,
      });
      executors.push(executor);
      return executor;
    }

    /** The next check waits in the middle, until it is let go on. */
    function holdChecks(): { letGoOn: () => void } {
      rmSync(files.certifications, { force: true });
      execFileSync('mkfifo', [files.certifications]);
      return {
        letGoOn() {
          // Blocks until the check reads, which it does.
          writeFileSync(files.certifications, TWO_DUE);
          rmSync(files.certifications);
          writeFileSync(files.certifications, TWO_DUE);
        },
      };
    }

    const remindersAsked = (): unknown =>
      existsSync(files.reminders)
        ? JSON.parse(execFileSync(python, ['-c', LIST_REMINDERS, files.reminders], { encoding: 'utf8' }))
        : [];

    beforeAll(async () => {
      expect(runToEnd('dist/cli/cli.js', serviceEnv, ['import', EXAMPLE_DATA])).toMatchObject({ status: 0 });
      service = await startService(serviceEnv);
    });
    beforeEach(async () => {
      const folder = temporaryFolder();
      files = { certifications: join(folder, 'certifications.csv'), reminders: join(folder, 'reminders.db') };
      writeFileSync(files.certifications, TWO_DUE);
      ({ id: job } = (await json('', { name: randomUUID(), cron_expression: '0 2 1 1 *' })) as {
        id: string;
      });
    });
    afterEach(async () => {
      // They leave their group, so that those of the next test need not wait until the session of a dead one expires.
      const left = await Promise.all(executors.splice(0).map((executor) => executor.end('SIGTERM')));
      expect(left.filter((code) => code !== 0 && code !== null)).toEqual([]);
    });
    afterAll(() => service.end('SIGTERM'));

    it('are completed once, though the executor is killed in the middle, and though a run comes again', async () => {
      const killed = await start();
      const held = holdChecks();
      const run = await execute();
      await killed.says(`${run} begins`);
      expect(await killed.end('SIGKILL')).toBeNull();
      expect(await eventsOf(run, 'RunCompleted')).toEqual([]);

      const second = await start();
      await second.says(`${run} begins`);
      held.letGoOn();
      expect(await ended(run)).toMatchObject({ status: 'success', result: { reminders_sent: 2 } });
      const asked = remindersAsked();
      expect(asked).toEqual([
        ['c-1', run],
        ['c-3', run],
      ]);
      expect(await second.end('SIGTERM')).toBe(0);

      // As if it had died between the acknowledgement of the result and the commit of its offset. This test is the first
      // one, so that no other run comes again.
      await forgetOffsets();
      const third = await start();
      await third.says(`${run} is answered: success`);
      await eventually('the service has passed over the repeat', () =>
        service.output.some((line) => line.includes('result ignored') && line.includes(run)),
      );
      expect(await eventsOf(run, 'RunCompleted')).toHaveLength(1);
      expect(remindersAsked()).toEqual(asked);
    }, 60_000);

    it('end with what the executor has found, which is what the service would have found; dry ones ask for nothing', async () => {
      const executor = await start({ CERTIFICATIONS_FILE: EXAMPLE_DATA });
      const { result: forecast } = await json(`/${job}/forecast`);
      expect(forecast.reminders_sent).toBeGreaterThan(0);

      const { warnings, ...counts } = forecast as Json;
      expect(warnings).toEqual([]);
      const dry = await ended(await execute({ dry_run: true }));
      expect(dry).toMatchObject({ status: 'success', result: counts });
      expect(remindersAsked()).toEqual([]);

      const run = await execute({}, { traceparent: TRACE });
      expect(await ended(run)).toMatchObject({ status: 'success', result: counts });
      expect(remindersAsked()).toHaveLength(forecast.reminders_sent as number);
      const [completed] = await eventsOf(run, 'RunCompleted');
      expect(completed).toMatchObject({
        actor: 'external-executor',
        correlation_id: run,
        causation_id: `result-${run}`,
        traceparent: TRACE,
      });

      const again = await ended(await execute());
      expect(again.result).toMatchObject({
        reminders_sent: 0,
        reasons: { already_asked: forecast.reminders_sent },
      });
      expect(await executor.end('SIGTERM')).toBe(0);
    });

    it('are ended and answered before the executor stops on SIGTERM', async () => {
      const executor = await start();
      const held = holdChecks();
      const run = await execute();
      await executor.says(`${run} begins`);
      const code = executor.end('SIGTERM');
      await executor.says('SIGTERM: stopping');
      held.letGoOn();
      expect(await code).toBe(0);
      expect(await ended(run)).toMatchObject({ status: 'success' });
      // Its offset was committed: the next one has nothing to do.
      const next = await start();
      const other = await execute();
      await next.says(`${other} is answered: success`);
      expect(next.output.filter((line) => line.includes(run))).toEqual([]);
    });

    it('may take long, while another executor joins and takes its share: each is completed once', async () => {
      const other = join(temporaryFolder(), 'certifications.csv');
      writeFileSync(other, TWO_DUE);
      const first = await start();
      const held = holdChecks();
      const long = await execute();
      await first.says(`${long} begins`);
      const second = await start({ CERTIFICATIONS_FILE: other });
      await second.says('takes the runs of partitions');
      // So many that the second has one of them.
      const runs = await Promise.all(Array.from({ length: 20 }, () => execute({ dry_run: true })));
      await second.says('is answered: success');
      held.letGoOn();
      for (const run of [long, ...runs]) expect(await ended(run)).toMatchObject({ status: 'success' });
      // The second may have got the partition of the long one, and have begun it, too.
      await first.says(`${long} is answered: success`);
      expect(await eventsOf(long, 'RunCompleted')).toHaveLength(1);
      expect(remindersAsked()).toEqual([
        ['c-1', long],
        ['c-3', long],
      ]);
    }, 60_000);

    it('fail with the code and message of the executor', async () => {
      await start();
      rmSync(files.certifications);
      expect(await ended(await execute())).toMatchObject({
        status: 'failed',
        error: {
          code: 'certifications_unreadable',
          message: 'the file of certifications cannot be read',
        },
      });
      writeFileSync(files.certifications, TWO_DUE);
      const refused = await ended(await execute({ confirm_reminders: 1 }));
      expect(refused).toMatchObject({ status: 'failed', error: { code: 'reminder_limit' } });
      expect(remindersAsked()).toEqual([]);
      // Nothing of what a bug says may be on record, as it may name people.
      writeFileSync(files.reminders, 'this is no database, mentor Alma');
      expect(await ended(await execute())).toMatchObject({
        error: { code: 'unexpected_error', message: 'DatabaseError: see the log of the executor' },
      });
    });

    it('stay cancelled: one that waits is not performed, and the result of another is on record as refused', async () => {
      const executor = await start({ SERVICE_URL: service.address });
      const held = holdChecks();
      const run = await execute();
      await executor.says(`${run} begins`);
      await json(`/${job}/runs/${run}/cancel`, { reason: 'too early' });
      const waiting = await execute();
      await json(`/${job}/runs/${waiting}/cancel`, { reason: 'not at all' });
      held.letGoOn();
      // The two may be in different partitions, which are taken up in any order.
      await executor.says(`${waiting} is closed: not performed`);
      const [rejected] = await eventually('the result is on record', async () => {
        const events = await eventsOf(run, 'RunResultRejected');
        return events.length > 0 && events;
      });
      expect(rejected).toMatchObject({ data: { status: 'success' }, causation_id: `result-${run}` });
      for (const [id, message] of [
        [run, 'too early'],
        [waiting, 'not at all'],
      ]) {
        expect(await json(`/${job}/runs/${id}`)).toMatchObject({
          status: 'failed',
          error: { code: 'cancelled', message },
        });
      }
      expect(await eventsOf(waiting, 'RunResultRejected')).toEqual([]);
    });

    it('are not performed when they have timed out meanwhile', async () => {
      const { id } = await json('', { name: randomUUID(), cron_expression: '0 2 1 1 *', timeout_seconds: 1 });
      job = id as string;
      const run = await execute();
      expect(await ended(run)).toMatchObject({ status: 'failed', error: { code: 'timed_out' } });
      const executor = await start();
      await executor.says(`${run} was over at`);
      expect(remindersAsked()).toEqual([]);
    });

    describeWithKcat('and read by kcat', () => {
      it('are performed after messages that nobody understands, which are set aside with the reason', async () => {
        const headers = {
          ce_specversion: '1.0',
          ce_id: 'e-1',
          ce_source: '/elsewhere',
          ce_type: 'certification-cron.RunStarted',
          'content-type': 'application/json',
        };
        const bad = [
          { value: '{}', headers: {}, reason: /^no CloudEvent: / },
          { value: '{}', headers, reason: /^cron_id is missing$/ },
          { value: '{', headers, reason: /^data must be an object$/ },
          { value: null, headers, reason: /^data must be an object$/ },
          { value: '{}', headers: { ...headers, ce_type: Buffer.from([0xff]) }, reason: /^no CloudEvent: / },
          { value: 'x'.repeat(1_040_000), headers, reason: /^data must be an object$/ },
        ];
        const raw = await openRawProducer(brokers);
        // In whichever partition the good run is, it comes behind two of them.
        const messages = [...bad, ...bad].map((message, at) => ({ ...message, partition: at % 6 }));
        for (const message of messages) await raw.send(`${prefix}certification-cron.runs`, [message]);
        await raw.close();
        await start();
        expect(await ended(await execute())).toMatchObject({ status: 'success' });
        const letters = await eventually('all are set aside', async () => {
          const found = await readTopic(brokers, `${prefix}certification-cron.dead-letters`);
          return found.length >= messages.length && found;
        });
        expect(letters).toHaveLength(messages.length);
        for (const { reason, value } of bad) {
          const said = letters.filter(
            ({ headers, payload }) => payload === value && reason.test(headers.dead_letter_reason ?? ''),
          );
          expect({ value, isThere: said.length >= 2 }).toEqual({ value, isThere: true });
        }
        for (const letter of letters)
          expect(letter.headers).toMatchObject({ dead_letter_topic: 'certification-cron.runs' });
      });
    });

    /** All runs so far come again: a new group begins at the oldest message. */
    async function forgetOffsets(): Promise<void> {
      const { Kafka, logLevel } = kafkajs;
      const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      try {
        await admin.deleteGroups([`${prefix}external-executor`]);
      } finally {
        await admin.disconnect();
      }
    }
  });
});
