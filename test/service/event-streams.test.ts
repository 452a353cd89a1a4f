import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { JOB_STREAM_PREFIX, jobStream } from '../../src/events/stream-names.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { loadConfig } from '../../src/config/config.js';
import type { EventLog } from '../../src/ports/event-log.js';
import { StoreError } from '../../src/ports/store-error.js';
import { openAdapters } from '../../src/service/open-adapters.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { expectProblemShape } from './expect-problem.js';
import { followStream, type StreamClient } from './stream-client.js';
import { eventually } from '../support/eventually.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { append, sampleEvent } from '../support/sample-events.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const JOB = { name: 'job', cron_expression: '0 0 1 1 *', concurrency_policy: 'allow' };
const DATA_DIR = temporaryFolder();
const MOST_STREAMS = 100;

let one: RunningApp;
let other: RunningApp;
const clients: StreamClient[] = [];

beforeAll(async () => {
  one = await startApp({ DATA_DIR });
  other = await startApp({ DATA_DIR });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.hangUp();
});
afterAll(async () => {
  await Promise.all([one.app.stop(), other.app.stop()]);
});

async function follow(path: string, { at = one, ...headers }: { at?: RunningApp; [name: string]: any } = {}) {
  const client = await followStream(at.api + path, headers);
  clients.push(client);
  return client;
}

async function createJob(at = one): Promise<string> {
  return String((await at.call('POST', '', JOB)).body.id);
}

const loggedEvents = async () =>
  (await readWholeLog(one.app.adapters.log)).filter(({ stream }) => stream.startsWith(JOB_STREAM_PREFIX));

const idsOf = (client: StreamClient): string[] => client.events().map(({ id }) => id);

describe('a stream of events', () => {
  it('gives what happens from now on, each event as the history shows it', async () => {
    const id = await createJob();
    const stream = await follow(`/${id}/events/stream`);
    const all = await follow('/events/stream');
    await createJob();
    await one.call('PUT', `/${id}`, { enabled: false, reason: 'the office moves' });
    await one.call('DELETE', `/${id}?reason=gone`);
    await eventually('both have come', () => stream.events().length === 2 && all.events().length === 3);
    const [updated, deleted] = stream.events();
    const [, { position, id: event_id } = {}] = await one.app.adapters.log.readStream(`cronJob-${id}`, {
      direction: 'forwards',
      limit: 2,
    });
    expect(updated).toMatchObject({
      id: position,
      event: 'CronJobUpdated',
      data: {
        cron_id: id,
        version: 2,
        event_id,
        position,
        type: 'CronJobUpdated',
        actor: 'anonymous',
        reason: 'the office moves',
        changes: [{ field: 'enabled', from: true, to: false }],
      },
    });
    expect(deleted).toMatchObject({ event: 'CronJobDeleted', data: { version: 3, reason: 'gone' } });
    expect(all.events().slice(1)).toEqual(stream.events());
  });

  it('says how it is to be handled on its way', async () => {
    const { status, headers, text } = await follow('/events/stream');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'close',
    });
    const last = (await loggedEvents()).at(-1)?.position ?? '';
    await eventually('it begins', () => text() === `retry: 2000\nid: ${last}\n\n`);
    const id = await createJob();
    for (const path of ['/events/stream', `/${id}/events/stream`]) {
      const head = await fetch(one.api + path, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    }
  });

  it('gives the types that are asked for, also from the start, and of a deleted job', async () => {
    const id = await createJob();
    await one.call('POST', `/${id}/execute`, { dry_run: true });
    await one.call('DELETE', `/${id}`);
    const stream = await follow(`/${id}/events/stream?from=start&type=CronJobScheduled,%20CronJobDeleted`);
    const whole = await follow(`/${id}/events/stream?from=start`, { at: other });
    await eventually('all', () => stream.events().length === 2 && whole.events().length === 4);
    expect(stream.events().map(({ event }) => event)).toEqual(['CronJobScheduled', 'CronJobDeleted']);
    const ofJob = (await loggedEvents()).filter(({ stream: name }) => name === `cronJob-${id}`);
    expect(idsOf(whole)).toEqual(ofJob.map(({ position }) => position));
  });

  it('shows within a second what another instance has written', async () => {
    const id = await createJob();
    const stream = await follow('/events/stream?type=CronJobUpdated', { at: other });
    for (let round = 0; round < 3; round++) {
      const from = performance.now();
      await one.call('PUT', `/${id}`, { description: `round ${round}` });
      await eventually('it has come', () => stream.events().length === round + 1);
      expect(performance.now() - from).toBeLessThan(1_000);
    }
  });
});

describe('a stream over an event that cannot be read', () => {
  it('shows it as the page does, and goes on', async () => {
    const app = await startApp({ DATA_DIR: temporaryFolder() });
    try {
      const id = await createJob(app);
      const data = {
        cron_id: id,
        changes: { colour: 'green' },
        reason: null,
        updated_at: '2030-01-01T00:00:00.000Z',
      };
      const event = sampleEvent(data);
      const newer = { ...event, type: 'CronJobUpdated', metadata: { ...event.metadata, schema_version: 99 } };
      const readable = {
        ...event,
        type: 'CronJobDeleted',
        data: { cron_id: id, reason: 'gone', deleted_at: data.updated_at },
      };
      await append(app.app.adapters.log, jobStream(id), 1, [newer, readable]);
      const stream = await follow(`/${id}/events/stream?from=start`, { at: app });
      await eventually('all have come', () => stream.events().length === 3);
      const page = await app.call('GET', `/${id}/events?order=asc`);
      expect(stream.events().map((each) => each.data)).toEqual(page.body.data);
      expect(page.body.data[1].unreadable).toMatch(/version 99 was written by a newer version/);
    } finally {
      await app.app.stop();
    }
  });
});

describe('a stream that goes on from an event', () => {
  it('misses nothing and repeats nothing, here and on another instance', async () => {
    const first = await follow('/events/stream');
    await createJob();
    await eventually('it has come', () => first.events().length === 1);
    first.hangUp();
    const id = await createJob();
    const after = idsOf(first)[0] ?? '';
    const second = await follow('/events/stream', { at: other, 'Last-Event-ID': after });
    const third = await follow(`/events/stream?last_event_id=${after}`);
    // A browser repeats its first parameters when it connects again.
    const fourth = await follow('/events/stream?from=start', { 'Last-Event-ID': after });
    const fifth = await follow(`/${id}/events/stream`, { 'Last-Event-ID': after });
    await one.call('PUT', `/${id}`, { enabled: false });
    const events = await loggedEvents();
    const expected = events.map(({ position }) => position).filter((position) => position > after);
    expect(expected).toHaveLength(2);
    for (const stream of [second, third, fourth, fifth]) {
      await eventually('both', () => stream.events().length >= 2);
      expect(idsOf(stream)).toEqual(expected);
    }
  });

  it('tells its place before anything has come, which holds while the lease is renewed, and from the very start', async () => {
    await createJob();
    const [live, whole] = [await follow('/events/stream'), await follow('/events/stream?from=start')];
    const placeOf = async ({ text }: StreamClient): Promise<string> => {
      await eventually('its first frame', () => /^id: .+\n\n/m.test(text()));
      return /^id: (.+)$/m.exec(text())?.[1] ?? '';
    };
    const [place, start] = [await placeOf(live), await placeOf(whole)];
    live.hangUp();
    const { log } = one.app.adapters;
    const last = await log.head();
    await eventually('the end of the log is a renewal', async () => (await log.head()) > last);
    await createJob();
    const again = await follow('/events/stream', { at: other, 'Last-Event-ID': place });
    const newer = await follow('/events/stream', { at: other, 'Last-Event-ID': start });
    const expected = (await loggedEvents()).map(({ position }) => position);
    await eventually('all', () => newer.events().length === expected.length && again.events().length > 0);
    expect(idsOf(newer)).toEqual(expected);
    expect(start).toBe('start');
    expect(idsOf(again)).toEqual(expected.slice(-1));
    const parameter = await one.call('GET', '/events/stream?last_event_id=START');
    expect(parameter.status).toBe(400);
  });

  it('is read without a gap by the reader that the documents show', async () => {
    const first = (await loggedEvents()).at(-1)?.position ?? '';
    const [, code = ''] =
      /```js\n(async function follow[\s\S]*?)```/.exec(readFileSync('docs/streams.md', 'utf8')) ?? [];
    const connections: AbortController[] = [];
    const sent: (string | undefined)[] = [];
    const seen: string[] = [];
    let isOver = false;
    const given = {
      RangeError,
      TextDecoderStream,
      setTimeout: (resolve: () => void) => setTimeout(resolve, 1),
      fetch(url: string, { headers }: { headers: Record<string, string> }) {
        const connection = new AbortController();
        connections.push(connection);
        sent.push(headers['Last-Event-ID'], headers.Authorization);
        return fetch(url, { headers, signal: connection.signal });
      },
    };
    const follow = runInNewContext(`${code}; follow`, given) as (
      url: string,
      token: () => string,
      onEvent: (event: { id: string; event: string; data: { position: string } }) => void,
    ) => Promise<void>;
    const token = (): string => {
      if (isOver) throw new RangeError('over');
      return 'a-token';
    };
    const following = follow(`${one.api}/events/stream`, token, ({ id, event, data }) => {
      expect([data.position, event]).toEqual([id, 'CronJobScheduled']);
      seen.push(id);
    });
    const hangUp = (): void => {
      connections.at(-1)?.abort();
    };
    // Before anything has come it can only go on from the place in the first frame.
    await eventually('it is answered', () => sent.length === 2);
    await systemClock.sleep(50);
    hangUp();
    await createJob();
    await eventually('it has come', () => seen.length === 1);
    isOver = true;
    hangUp();
    await expect(following).rejects.toThrow('over');
    expect(sent).toEqual([undefined, 'Bearer a-token', first, 'Bearer a-token']);
  });

  it.each([
    ['no position', 'x'],
    ['a number', '7'],
    ['a negative one', '-1'],
    ['before the first', '0000000000000000000'],
    ['beyond the last', '9999999999999999999'],
    ['more digits than there are', '9'.repeat(400)],
    ['of another kind of log', '00000000000000001055-00000000000000001055'],
    ['a piece of SQL', "' OR 1=1 --"],
    ['long', 'x'.repeat(8_000)],
  ])('refuses a place that is none of this log, and names the parameter: %s', async (_, place) => {
    const header = await fetch(`${one.api}/events/stream`, { headers: { 'last-event-id': place } });
    const query = await one.call('GET', `/events/stream?last_event_id=${encodeURIComponent(place)}`);
    const ofHeader = (await header.json()) as Record<string, any>;
    for (const [status, body, field] of [
      [header.status, ofHeader, 'Last-Event-ID'],
      [query.status, query.body, 'last_event_id'],
    ] as const) {
      expect(status).toBe(400);
      expectProblemShape(body, 400);
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ field }] });
    }
  });

  it.each([
    '?last_event_id=',
    '?last_event_id=1&last_event_id=2',
    '?from=end',
    '?from=start&last_event_id=1',
    '?type=Nothing',
    '?type=CronJobUpdated&type=ReminderRequested',
    '?types=CronJobUpdated',
  ])('refuses parameters that it does not know: %s', async (query) => {
    const { status, body } = await one.call('GET', `/events/stream${query}`);
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  });

  it('is not there for a job that has never been', async () => {
    for (const id of ['cron-none', 'CRON-1']) {
      const { status, body } = await one.call('GET', `/${id}/events/stream`);
      expect([status, body.code]).toEqual([404, 'cron_job_not_found']);
    }
  });
});

describe('a stream while the log is down', () => {
  it('stays open, and goes on without a gap; a new one is refused for the moment', async () => {
    let isDown = false;
    const down = (): StoreError => new StoreError('store_unavailable', 'down');
    const { log } = await openAdapters(loadConfig({ DATA_DIR }), { logger: createCollectingLogger() });
    const failing: EventLog = {
      ...log,
      readStream: (...asked) => (isDown ? Promise.reject(down()) : log.readStream(...asked)),
      eventIdAt: (...asked) => (isDown ? Promise.reject(down()) : log.eventIdAt(...asked)),
      head: () => (isDown ? Promise.reject(down()) : log.head()),
      async *subscribe(options) {
        for await (const batch of log.subscribe(options)) {
          if (isDown) throw down();
          yield batch;
        }
      },
    };
    const service = await startApp({ DATA_DIR }, { log: failing });
    try {
      const id = await createJob();
      const after = (await loggedEvents()).at(-1)?.position ?? '';
      const live = await follow('/events/stream', { at: service });
      isDown = true;
      await one.call('PUT', `/${id}`, { description: 'while it was down' });
      const refused = await service.call('GET', '/events/stream');
      expect([refused.status, refused.body.code]).toEqual([503, 'store_unavailable']);
      await eventually('the fault is told', () =>
        service.logged.some(({ message }) => message.includes('following')),
      );
      await one.call('PUT', `/${id}`, { description: 'and again' });
      expect(live.events()).toEqual([]);
      isDown = false;
      await eventually('both', () => live.events().length === 2);
      const later = await follow('/events/stream', { at: service, 'Last-Event-ID': after });
      await eventually('both', () => later.events().length === 2);
      expect(idsOf(later)).toEqual(idsOf(live));
      expect(live.events().map(({ data }) => data.changes[0].to)).toEqual(['while it was down', 'and again']);
      expect(live.ended()).toBe(false);
    } finally {
      await service.app.stop();
    }
  });
});

describe('many streams', () => {
  it('equal the log while a crowd writes on two instances and readers come and go', async () => {
    const jobs = await Promise.all(
      Array.from({ length: 10 }, (_, index) => createJob(index % 2 ? one : other)),
    );
    const before = (await loggedEvents()).length;
    const whole = await follow('/events/stream?from=start', { at: other });
    const live = await follow('/events/stream');
    let isOver = false;
    const comesAndGoes = async (at: RunningApp): Promise<string[]> => {
      const seen: string[] = [];
      for (let round = 0; !isOver || round === 0; round++) {
        const last = seen.at(-1);
        const stream = await followStream(
          `${(round % 2 ? one : at).api}/events/stream${last === undefined ? '?from=start' : ''}`,
          last === undefined ? {} : { 'Last-Event-ID': last },
        );
        const enough = 3 + (round % 5);
        await eventually('some, or the end', () => isOver || stream.events().length >= enough);
        seen.push(...idsOf(stream));
        stream.hangUp();
      }
      return seen;
    };
    const readers = Promise.all([one, other, one].map(comesAndGoes));
    const write = (id: string, index: number) => async (): Promise<void> => {
      for (let round = 0; round < 15; round++) {
        const at = (index + round) % 2 ? one : other;
        await at.call('PUT', `/${id}`, { description: `${index}-${round}` });
      }
    };
    await Promise.all(jobs.map((id, index) => write(id, index)()));
    const log = (await loggedEvents()).map(({ position }) => position);
    expect(log.length).toBe(before + 150);
    await eventually('all has come', () => idsOf(whole).length >= log.length && idsOf(live).length >= 150);
    isOver = true;
    expect(idsOf(whole)).toEqual(log);
    expect(idsOf(live)).toEqual(log.slice(before));
    // Those who came and went lack only what came after their last visit.
    for (const seen of await readers) expect(seen).toEqual(log.slice(0, seen.length));
  });

  it('have a limit, which leaves room for other requests; who hangs up makes room for the next one', async () => {
    const opened = await Promise.all(Array.from({ length: MOST_STREAMS }, () => follow('/events/stream')));
    expect(opened.every(({ status }) => status === 200)).toBe(true);
    const refused = await one.call('GET', '/events/stream');
    expect([refused.status, refused.body.code]).toEqual([503, 'too_many_streams']);
    expectProblemShape(refused.body, 503);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect((await one.call('GET', '')).status).toBe(200);
    await createJob();
    await eventually('all are served', () => opened.every(({ events }) => events().length === 1));
    for (const client of opened) client.hangUp();
    await eventually('there is room again', async () => (await follow('/events/stream')).status === 200);
  });

  it('leave nothing behind: hundreds of clients come, and hang up', async () => {
    const position = (await loggedEvents()).at(-5)?.position ?? '';
    for (let round = 0; round < 6; round++) {
      const some = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          followStream(`${one.api}/events/stream`, index % 2 ? {} : { 'last-event-id': position }),
        ),
      );
      expect(some.map(({ status }) => status)).toEqual(some.map(() => 200));
      for (const client of some) client.hangUp();
    }
    await eventually('there is room for all', async () => {
      const opened = await Promise.all(Array.from({ length: MOST_STREAMS }, () => follow('/events/stream')));
      for (const client of opened) client.hangUp();
      return opened.every(({ status }) => status === 200);
    });
  });

  it('end at once when the service stops, which does not wait for them', async () => {
    const service = await startApp({ DATA_DIR });
    const [reading, deaf] = await Promise.all([
      follow('/events/stream', { at: service }),
      follow('/events/stream?from=start', { at: service }),
    ]);
    deaf.pause();
    // It has folded none of these events itself: their states are stored.
    const last = (await loggedEvents()).at(-1)?.position ?? '';
    await eventually('the place', () => reading.text() === `retry: 2000\nid: ${last}\n\n`);
    const from = performance.now();
    await service.app.stop();
    expect(performance.now() - from).toBeLessThan(4_000);
    await eventually('the end', reading.ended);
    expect(service.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
