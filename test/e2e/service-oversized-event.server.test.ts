import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { defaultJobConfig } from '../../src/events/job-config.js';
import { jobStream } from '../../src/events/stream-names.js';
import { readTopic } from '../servers/kcat.js';
import { describeWithServer } from '../servers/with-server.js';
import { describeWithKcat } from '../servers/with-kcat.js';
import { eventually } from '../support/eventually.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runToEnd } from './run-to-end.js';
import { startService, type ServiceProcess } from './service-process.js';

describeWithServer('kafka', 'an old log with events that Kafka does not take', (brokers) => {
  describeWithKcat('read back by kcat', () => {
    let service: ServiceProcess | undefined;
    afterEach(() => service?.end('SIGKILL'));

    it('is published to its end, in order, and goes on after a restart', async () => {
      const prefix = `oversized-${randomUUID()}.`;
      const env = { DATA_DIR: temporaryFolder(), KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: prefix };
      const at = '2026-03-26T10:00:00.000Z';
      const cron_id = 'cron-old';
      const config = { ...defaultJobConfig, name: 'job', cron_expression: '0 2 1 1 *', enabled: false };
      const large = 'ä'.repeat(700_000);
      const changed = (name: string, causation_id: string | null) => ({
        id: systemIds.uuid(),
        type: 'CronJobUpdated',
        data: { cron_id, changes: { name }, reason: null, updated_at: at },
        metadata: { actor: 'test', correlation_id: 'test', causation_id, schema_version: 1 },
      });
      const scheduled = {
        ...changed('', null),
        type: 'CronJobScheduled',
        data: { cron_id, ...config, created_at: at },
      };
      const events = [
        scheduled,
        changed('before', null),
        changed('caused by too much', large),
        changed('between', null),
        changed(large, null),
        changed('after', null),
      ];
      const path = join(env.DATA_DIR, 'log.db');
      const log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path });
      await log.append([{ stream: jobStream(cron_id), expectedVersion: 0, events }]);
      await log.close();

      const published = async () => readTopic(brokers, `${prefix}certification-cron.events`).catch(() => []);
      const allOf = async (count: number) => {
        const found = await published();
        return new Set(found.map(({ headers }) => headers.ce_id)).size >= count && found;
      };
      service = await startService(env);
      const messages = await eventually('all', () => allOf(events.length), 30_000);
      expect(messages.map(({ headers }) => headers.ce_id)).toEqual(events.map(({ id }) => id));
      expect(messages.map(({ headers }) => headers.ce_truncated)).toEqual([
        ...[undefined, undefined, 'true', undefined, 'true', undefined],
      ]);
      expect(new Set(messages.map(({ key }) => key))).toEqual(new Set([cron_id]));
      const told = service.output.filter((line) =>
        line.includes('event too large for its topics; published cut'),
      );
      expect(told).toHaveLength(2);
      expect(await service.end('SIGTERM')).toBe(0);
      expect(runToEnd('dist/cli/cli.js', env, ['verify'])).toMatchObject({ status: 0 });

      service = await startService(env);
      const created = await fetch(service.api, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'new', cron_expression: '0 2 1 1 *', enabled: false }),
      });
      expect(created.status).toBe(201);
      const more = await eventually('the next one', () => allOf(events.length + 1), 30_000);
      expect(more).toHaveLength(events.length + 1);
      expect(await service.end('SIGTERM')).toBe(0);
    }, 90_000);
  });
});
