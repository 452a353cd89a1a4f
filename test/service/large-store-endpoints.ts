import { cronIdAt, type LargeStore } from './large-store.js';
import type { Asked } from './loop-monitor.js';

type Next = (client: number, time: number) => Asked;

const at = (instant: number): string => encodeURIComponent(new Date(instant).toISOString());
const DAY_MS = 86_400_000;

/** Each endpoint, asked for what costs most. */
export function endpointsOf({ jobs, longJob, runs, firstSlot }: LargeStore): Record<string, Next> {
  const some = (client: number, time: number): string =>
    cronIdAt((client * 977 + time * 131) % Math.floor(jobs / 2));
  const bulk = (body: object): Asked => ({
    method: 'POST',
    path: '/bulk',
    body: { reason: 'load', ...body },
  });
  const pages = Math.floor(jobs / 100);
  const slots = (part: number): Asked => {
    const from = firstSlot + Math.floor(part * runs) * 60_000;
    return { path: `/${longJob}/slots?from=${at(from)}&to=${at(from + DAY_MS)}` };
  };
  return {
    'GET /livez': () => ({ path: '//livez' }),
    'GET /readyz': () => ({ path: '//readyz' }),
    'GET /metrics': () => ({ path: '//metrics' }),
    'GET /leader': () => ({ path: '/leader' }),
    'GET /openapi.json': () => ({ path: '//openapi.json' }),
    'GET / the first page': () => ({ path: '?limit=100' }),
    'GET / any page': (client, time) => ({
      path: `?limit=100&page=${1 + ((client * 97 + time * 331) % pages)}`,
    }),
    'GET / the last page': () => ({ path: `?limit=100&page=${pages}` }),
    'GET / beyond the last page': () => ({ path: '?limit=100&page=1000000' }),
    'GET / of a few kinds, by name': () => ({ path: '?limit=100&status=active&sort=-name' }),
    'GET / by a part of the name': () => ({ path: '?limit=100&name=B%2099&sort=updated_at' }),
    'GET / by a part of no name': () => ({ path: '?limit=100&name=nobody&deleted=any' }),
    'GET / overdue=false': () => ({ path: '?limit=100&overdue=false&sort=next_run_at' }),
    'GET /runs': () => ({ path: '/runs?limit=100' }),
    'GET /:id/runs that failed': () => ({ path: `/${longJob}/runs?limit=100&status=failed` }),
    'GET /:id': (client, time) => ({ path: `/${some(client, time)}` }),
    'GET /:id/runs': () => ({ path: `/${longJob}/runs?limit=100` }),
    'GET /:id/runs the last page': () => ({
      path: `/${longJob}/runs?limit=100&page=${Math.floor(runs / 100)}`,
    }),
    'GET /:id/slots the newest': () => ({ path: `/${longJob}/slots` }),
    'GET /:id/slots of any time': (client, time) => slots(((client * 7 + time * 3) % 20) / 20),
    'GET /:id/events as it happened': () => ({ path: `/${longJob}/events?limit=100&order=asc` }),
    'GET /:id/events the newest': () => ({ path: `/${longJob}/events?limit=100` }),
    'GET /:id?as_of= the newest': () => ({ path: `/${longJob}?as_of=${2 * runs + 1}` }),
    'GET /events by actor': () => ({ path: '/events?limit=100&actor=anonymous' }),
    'GET /:id/next': (client, time) => ({ path: `/${some(client, time)}/next?count=100` }),
    'GET /:id/next of the long job': () => ({ path: `/${longJob}/next?count=100` }),
    'POST /preview': (client) => ({
      method: 'POST',
      path: '/preview',
      body: { cron_expression: `${client} 2 * * 1`, time_zone: 'Europe/Berlin', count: 100 },
    }),
    'POST /preview of a rare slot': (client) => ({
      method: 'POST',
      path: '/preview',
      body: { cron_expression: `${client} 2 29 2 1`, time_zone: 'America/New_York', count: 100 },
    }),
    'POST /': (client) => ({
      method: 'POST',
      path: '',
      body: { name: `another ${client}`, cron_expression: '0 0 29 2 *' },
    }),
    'PUT /:id': (client, time) => ({
      method: 'PUT',
      path: `/${some(client, time)}`,
      body: { description: `of ${client}, ${time}` },
    }),
    'PUT /:id one job': (client, time) => ({
      method: 'PUT',
      path: `/${cronIdAt(1)}`,
      body: { description: `of ${client}, ${time}` },
    }),
    'POST /bulk by a part of no name': () => bulk({ filter: { name: 'nobody' }, action: 'disable' }),
    'POST /bulk a dry run of all': () => bulk({ filter: {}, action: 'disable', dry_run: true }),
    'POST /bulk with nothing to do': () => bulk({ filter: { enabled: true }, action: 'enable' }),
    'POST /:id/execute': (client, time) => ({ method: 'POST', path: `/${some(client + 50, time)}/execute` }),
    'DELETE /:id': (client, time) => ({
      method: 'DELETE',
      path: `/${cronIdAt(jobs - 2 - client - 20 * time)}`,
    }),
  };
}
