/** What clients of several instances have seen, who read and write some jobs all the time. */
export interface Seen {
  requests: number;
  /** Answers that are none of a service in order. */
  failed: string[];
  /** Answers older than one that had been given before they were asked for, by whichever instance. */
  older: string[];
  longestMs: number;
}

export interface WatchingClients {
  seen: Seen;
  /** Ends when each client has its last answer. */
  stop: () => Promise<void>;
}

interface ShownJob {
  id: string;
  description: string;
}

/**
 * Starts clients of the instances at `apis`: each job has one writer, who counts in its description, and readers ask for
 * jobs, lists and runs. @param pauseMs of each client between two requests
 */
export function startWatchingClients(
  apis: readonly string[],
  jobs: readonly string[],
  { readers, pauseMs }: { readers: number; pauseMs: number },
): WatchingClients {
  const seen: Seen = { requests: 0, failed: [], older: [], longestMs: 0 };
  const newest = new Map<string, number>();
  let isOver = false;

  const numberIn = (description: unknown): number =>
    Number(/^change (\d+)$/.exec(String(description))?.[1] ?? 0);
  const note = (id: string, count: number): void => void newest.set(id, Math.max(count, newest.get(id) ?? 0));

  async function ask(api: string, path: string, init?: RequestInit): Promise<Response | undefined> {
    seen.requests++;
    const began = performance.now();
    try {
      const response = await fetch(api + path, init);
      const text = await response.text();
      seen.longestMs = Math.max(seen.longestMs, performance.now() - began);
      // A job that is running is answered as it should be.
      if (response.ok || response.status === 409) return new Response(text, { headers: response.headers });
      seen.failed.push(`${init?.method ?? 'GET'} ${path}: ${response.status} ${text}`);
    } catch (error) {
      seen.failed.push(`${init?.method ?? 'GET'} ${path}: ${String(error)}`);
    }
    return undefined;
  }

  function check(shown: ShownJob, before: ReadonlyMap<string, number>, by: string): void {
    const [count, least] = [numberIn(shown.description), before.get(shown.id) ?? 0];
    if (count < least) seen.older.push(`${by} shows ${shown.id} at change ${count} after ${least}`);
    note(shown.id, count);
  }

  async function read(api: string, turn: number): Promise<void> {
    const before = new Map(newest);
    const job = jobs[turn % jobs.length] ?? '';
    if (turn % 5 === 0) {
      const response = await ask(api, `?limit=100&page=${1 + (turn % 2)}`);
      const { data = [] } = ((await response?.json()) ?? {}) as { data?: ShownJob[] };
      for (const shown of data) check(shown, before, 'the list');
    } else if (turn % 5 === 1) await ask(api, `/${job}/runs?limit=20`);
    else {
      const response = await ask(api, `/${job}`);
      if (response !== undefined) check((await response.json()) as ShownJob, before, 'the job itself');
    }
  }

  async function write(api: string, job: string, count: number): Promise<void> {
    const response = await ask(api, `/${job}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ description: `change ${count}` }),
    });
    if (response?.headers.get('reads-lag') === null) note(job, count);
    if (count % 20 === 0) await ask(api, `/${job}/execute`, { method: 'POST' });
  }

  async function client(work: (api: string, turn: number) => Promise<void>): Promise<void> {
    for (let turn = 1; !isOver; turn++) {
      await work(apis[turn % apis.length] ?? '', turn);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  const clients = [
    ...Array.from({ length: readers }, (_, nth) => client((api, turn) => read(api, turn * readers + nth))),
    client((api, turn) => write(api, jobs[turn % jobs.length] ?? '', Math.ceil(turn / jobs.length))),
  ];
  return {
    seen,
    async stop() {
      isOver = true;
      await Promise.all(clients);
    },
  };
}
