import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { eventually } from '../support/eventually.js';
import { certificationOf } from '../support/sample-documents.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { describeWithServer } from '../servers/with-server.js';
import { startService, type ServiceProcess } from './service-process.js';
import { killWorkers } from './worker-kills.js';

type Answer = Record<string, any>;

const DUE = 30;
/** So many that a check takes some tenths of a second. */
const OTHERS = 60_000;

describeWithServer('kafka', 'the check, by two instances that Kafka hands the runs to', (brokers) => {
  let services: ServiceProcess[];
  let id: string;

  beforeAll(async () => {
    const DATA_DIR = temporaryFolder();
    const env = { DATA_DIR, KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: `check-${randomUUID()}.` };
    services = [await startService(env), await startService(env)];
    const path = join(DATA_DIR, 'registry.db');
    const registry = openSqliteRegistry({ clock: systemClock, ids: systemIds, path });
    const certifications = Array.from({ length: DUE + OTHERS }, (_, index) =>
      certificationOf({
        certification_id: `c-${index}`,
        mentor_id: `m-${index}`,
        expires_at: new Date(Date.now() + (index < DUE ? 7 : 400) * 86_400_000).toISOString().slice(0, 10),
      }),
    );
    for (let at = 0; at < certifications.length; at += 10_000)
      await registry.upsert(certifications.slice(at, at + 10_000), 'test');
    await registry.close();
    const job = { name: 'nightly', cron_expression: '0 2 1 1 *' };
    ({ id } = (await call(0, 'POST', '', job)).body as { id: string });
  }, 60_000);

  afterAll(async () => {
    for (const service of services) await service.end('SIGTERM');
  });

  async function call(
    instance: number,
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Answer }> {
    const response = await fetch(`${services[instance]?.api ?? ''}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  }

  const ended = (instance: number, run: string): Promise<Answer> =>
    eventually(
      'the run has ended',
      async () => {
        const { body } = await call(instance, 'GET', `/${id}/runs/${run}`);
        return body.status !== undefined && body.status !== 'running' && body;
      },
      60_000,
    );

  const idsOf = ({ data }: Answer): string[] =>
    (data as Answer[]).map(({ certification_id }) => certification_id as string);

  it('is stopped by the brake, whichever performs it', async () => {
    await call(0, 'PUT', `/${id}`, { max_reminders: DUE - 1 });
    for (const instance of [0, 1]) {
      const { run_id } = (await call(instance, 'POST', `/${id}/execute`, {})).body;
      expect(await ended(1 - instance, run_id as string)).toMatchObject({
        error: { code: 'too_many_reminders', reminders: DUE, limit: DUE - 1 },
      });
      const reminded = await call(1 - instance, 'GET', `/${id}/runs/${run_id as string}/reminders`);
      expect(reminded.body.data).toEqual([]);
    }
  }, 120_000);

  it('is cancelled by the other one', async () => {
    await call(0, 'PUT', `/${id}`, { max_reminders: null });
    let turn = 0;
    await eventually(
      'a run is cancelled before it ends',
      async () => {
        const one = turn++ % 2;
        const { run_id } = (await call(one, 'POST', `/${id}/execute`, { dry_run: true })).body;
        const cancel = await call(1 - one, 'POST', `/${id}/runs/${run_id as string}/cancel`, {
          reason: 'no',
        });
        if (cancel.status === 409) return false;
        expect([cancel.status, cancel.body.status]).toEqual([200, 'failed']);
        expect(cancel.body.error).toEqual({ code: 'cancelled', message: 'no' });
        return true;
      },
      60_000,
    );
  }, 120_000);

  it('asks for the reminders that either has foreseen, and neither foresees them any more', async () => {
    const foreseen = await Promise.all(
      [0, 1].map((instance) => call(instance, 'GET', `/${id}/forecast?limit=100`)),
    );
    const { run_id } = (await call(0, 'POST', `/${id}/execute`, {})).body;
    await ended(1, run_id as string);
    const reminded = await call(1, 'GET', `/${id}/runs/${run_id as string}/reminders?limit=100`);
    expect(idsOf(reminded.body)).toHaveLength(DUE);
    for (const { body } of foreseen) expect(idsOf(body)).toEqual(idsOf(reminded.body));
    for (const instance of [0, 1])
      expect((await call(instance, 'GET', `/${id}/forecast`)).body).toMatchObject({
        data: [],
        result: { reasons: { already_asked: DUE } },
      });
  }, 120_000);

  it('asks for all or none when a worker is killed; many times by npm run kill-workers', async () => {
    const options = { kills: 1, brokers, dataDir: temporaryFolder(), onKill: () => undefined };
    expect((await killWorkers(options)).broken).toEqual([]);
  }, 240_000);
});
