import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { startService, type ServiceProcess } from '../e2e/service-process.js';
import { eventually } from '../support/eventually.js';

/** A request that many clients send. `path` is under the API, or begins with a slash twice. */
export interface Asked {
  method?: string;
  path: string;
  body?: object;
}

export interface Blocked {
  /** The longest time for which the service's event loop stood still, milliseconds. */
  longestMs: number;
  /** Likewise, without the time that other processes had the processor. */
  busyMs: number;
  /** Of /livez meanwhile, milliseconds. */
  livezP99Ms: number;
  /** Of the requests, milliseconds. */
  p50Ms: number;
  /** How often each status was answered. */
  statuses: Record<number, number>;
}

export interface MonitoredService extends ServiceProcess {
  /** `clients` send requests at once, each `times` one after the other. */
  ask(
    next: (client: number, time: number) => Asked,
    load: { clients: number; times: number },
  ): Promise<Blocked>;
  /** The longest time since the last call. */
  longestBlock(): Promise<{ longestMs: number; busyMs: number }>;
}

/** The built service in a process of its own: neither the clients nor the test disturb its event loop. */
export async function startMonitored(
  folder: string,
  env: Record<string, string> = {},
  [program = 'dist/main.js', ...args]: string[] = [],
) {
  const probe = join(folder, 'loop-probe.json');
  const preload = pathToFileURL(join(process.cwd(), 'test/service/loop-probe.mjs')).href;
  const given = { DATA_DIR: folder, LOOP_PROBE: probe, NODE_OPTIONS: `--import ${preload}`, ...env };
  const service = await startService(given, args, program);
  const agent = new Agent({ keepAlive: true });
  let asked = 0;

  async function longestBlock(): Promise<{ longestMs: number; busyMs: number }> {
    asked++;
    service.child.kill('SIGUSR2');
    const answer = await eventually('the probe answers', () => {
      const found = readProbe(probe);
      return found?.asked === asked ? found : undefined;
    });
    return answer;
  }

  async function timed(asking: Asked): Promise<{ status: number; ms: number }> {
    const began = performance.now();
    const url = asking.path.startsWith('//')
      ? service.address + asking.path.slice(1)
      : service.api + asking.path;
    const status = await send(agent, url, asking);
    return { status, ms: performance.now() - began };
  }

  return {
    ...service,
    longestBlock,
    async ask(
      next: (client: number, time: number) => Asked,
      { clients, times }: { clients: number; times: number },
    ) {
      await longestBlock();
      const answers: { status: number; ms: number }[] = [];
      const probes: number[] = [];
      let over = false;
      const probing = async (): Promise<void> => {
        while (!over) probes.push((await timed({ path: '//livez' })).ms);
      };
      const asking = async (client: number): Promise<void> => {
        for (let time = 0; time < times; time++) answers.push(await timed(next(client, time)));
      };
      const probed = probing();
      await Promise.all(Array.from({ length: clients }, (_, client) => asking(client)));
      over = true;
      await probed;
      return {
        ...(await longestBlock()),
        livezP99Ms: quantile(probes, 0.99),
        p50Ms: quantile(
          answers.map(({ ms }) => ms),
          0.5,
        ),
        statuses: countBy(answers.map(({ status }) => status)),
      };
    },
  } satisfies MonitoredService;
}

function send(agent: Agent, url: string, { method = 'GET', body }: Asked): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const asking = request(url, { agent, method, headers }, (response) => {
      response.resume();
      response.once('end', () => {
        resolve(response.statusCode ?? 0);
      });
      response.once('error', reject);
    });
    asking.once('error', reject);
    asking.end(body && JSON.stringify(body));
  });
}

function readProbe(file: string): { asked: number; longestMs: number; busyMs: number } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { asked: number; longestMs: number; busyMs: number };
  } catch {
    return undefined;
  }
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? NaN;
}

function countBy(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
