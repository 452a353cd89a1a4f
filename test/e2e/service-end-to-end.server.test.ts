import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { eventually } from '../support/eventually.js';
import { readTopic } from '../servers/kcat.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { runToEnd } from './run-to-end.js';
import { startService, type ServiceProcess } from './service-process.js';
import { describeWithServer } from '../servers/with-server.js';
import { describeWithKcat } from '../servers/with-kcat.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describeWithServer('kafka', 'the service on Kafka, MongoDB and a log in SQLite', (brokers) => {
  describeWithServer('mongodb', 'as processes', (mongodb) =>
    describeWithKcat('and read by kcat', () => {
      const services: ServiceProcess[] = [];
      afterEach(async () => {
        for (const service of services.splice(0)) await service.end('SIGTERM');
      });

      const json = async (url: string, method = 'GET', body?: object): Promise<Record<string, any>> => {
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
        return (await response.json()) as Record<string, any>;
      };

      it('creates, executes, performs and publishes; an independent consumer reads the log in order', async () => {
        const prefix = `e2e-${randomUUID()}.`;
        const dataDir = temporaryFolder();
        const env = {
          DATA_DIR: dataDir,
          KAFKA_BROKERS: brokers,
          KAFKA_TOPIC_PREFIX: prefix,
          MONGODB_URL: `${mongodb.replace(/\/+$/, '')}/e2e_${randomUUID().replaceAll('-', '')}`,
        };
        const file = join(dataDir, 'certifications.csv');
        writeFileSync(
          file,
          'certification_id,mentor_id,expires_in_days\nc-1,m-1,7\nc-2,m-1,400\nc-3,m-2,1\n',
        );
        expect(runToEnd('dist/cli/cli.js', env, ['import', file])).toMatchObject({ status: 0 });

        let service = await startService(env);
        services.push(service);
        const { api, address } = service;
        const names = {
          event_log: 'sqlite',
          read_store: 'mongodb',
          registry: 'mongodb',
          message_bus: 'kafka',
        };
        for (const [port, adapter] of Object.entries(names)) {
          expect((await json(`${address}/readyz`)).dependencies[port].adapter).toBe(adapter);
        }
        await eventually('all is well', async () =>
          Object.values((await json(`${address}/readyz`)).dependencies).every(
            (it: any) => it.status === 'ok',
          ),
        );

        const { id } = await json(api, 'POST', { name: 'nightly', cron_expression: '0 2 * * *' });
        const { run_id } = await json(`${api}/${id}/execute`, 'POST', { dry_run: false });
        const run = await eventually('the run has ended', async () => {
          const [newest] = (await json(`${api}/${id}/runs`)).data;
          return newest?.status !== 'running' && newest;
        });
        expect(run).toMatchObject({
          run_id,
          status: 'success',
          result: { mentors_checked: 2, reminders_sent: 2, errors: 0 },
        });
        await json(`${api}/${id}`, 'PUT', { cron_expression: '0 3 * * *' });

        // A second process goes on where the first has stopped.
        await service.end('SIGTERM');
        services.splice(0);
        service = await startService(env);
        services.push(service);
        await json(`${service.api}/${id}`, 'DELETE');
        const log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: join(dataDir, 'log.db') });
        const events = await readWholeLog(log);
        await log.close();
        const published = await eventually('all is published', async () => {
          const messages = await readTopic(brokers, `${prefix}certification-cron.events`);
          return messages.length >= events.length && messages;
        });
        expect(published.map(({ headers }) => headers.ce_id).sort()).toEqual(
          events.map(({ id }) => id).sort(),
        );
        // All have the key of the job, so they are in one partition and in the order of the log.
        expect(published.map(({ headers }) => headers.ce_id)).toEqual(events.map(({ id }) => id));
        expect(published.map(({ payload }) => JSON.parse(payload ?? '') as unknown)).toEqual(
          events.map(({ data }) => data),
        );
        expect(published.every(({ key }) => key === id)).toBe(true);
        const reminders = await readTopic(brokers, `${prefix}certification-cron.reminders`);
        expect(reminders.map(({ key }) => key).sort()).toEqual(['m-1', 'm-2']);
      });
    }),
  );
});
