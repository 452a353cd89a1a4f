import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { abortAll, follow } from '../../support/follow.js';
import { expectLogOrder, wholeStream } from '../../support/sample-events.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const SCRIPT = fileURLToPath(new URL('./append-process.mjs', import.meta.url));
const SHARED = 'cronJob-shared';

interface Answer {
  error?: string;
  acknowledged: { stream: string; version: number; id: string }[];
  /** Wall clock, epoch milliseconds. */
  at: number;
}

interface AppendProcess {
  child: ChildProcess;
  /** Sends a command; commands may be sent before the one before is answered. */
  ask: (command: string) => Promise<Answer>;
}

let path: string;
let processes: AppendProcess[];
let opened: EventLog[];
beforeEach(() => {
  path = join(temporaryFolder(), 'log.db');
  processes = [];
  opened = [];
});
afterEach(async () => {
  abortAll();
  for (const { child } of processes) child.kill('SIGKILL');
  for (const log of opened) await log.close();
});

function openLog(): EventLog {
  const log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path });
  opened.push(log);
  return log;
}

function startProcess(name: string): AppendProcess {
  const child = spawn(process.execPath, [SCRIPT, path, `cronJob-${name}`, SHARED], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const waiting: ((answer: Answer) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) =>
    waiting.shift()?.(JSON.parse(line) as Answer),
  );
  child.on('exit', (code, signal) => {
    for (const answer of waiting.splice(0))
      answer({ error: `ended with ${code ?? signal}`, acknowledged: [], at: 0 });
  });
  const ask = (command: string): Promise<Answer> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      child.stdin.write(`${command}\n`);
    });
  const started = { child, ask };
  processes.push(started);
  return started;
}

describe('several processes on one log.db', () => {
  it('lose and double nothing while they append at once', async () => {
    const pair = ['one', 'other'].map(startProcess);
    const opening = await Promise.all(pair.map(({ ask }) => ask('open')));
    expect(opening.map(({ error }) => error)).toEqual([undefined, undefined]);
    const answers = await Promise.all(
      pair.flatMap(({ ask }) => Array.from({ length: 10 }, () => [ask('own 30'), ask('shared 10')]).flat()),
    );
    expect(answers.filter(({ error }) => error !== undefined)).toEqual([]);

    const acknowledged = answers.flatMap((answer) => answer.acknowledged);
    const following = follow(openLog(), ['']);
    await following.untilCaughtUp();
    const events = following.events();
    expectLogOrder(events);
    const place = (event: { stream: string; version: number; id: string }): string =>
      `${event.stream} ${String(event.version).padStart(5, '0')} ${event.id}`;
    expect(events.map(place).sort()).toEqual(acknowledged.map(place).sort());
    expect(new Set(events.map(({ id }) => id)).size).toBe(2 * (300 + 100));
    for (const [stream, count] of [
      ['cronJob-one', 300],
      ['cronJob-other', 300],
      [SHARED, 200],
    ] as const) {
      const versions = (await wholeStream(openLog(), stream)).map(({ version }) => version);
      expect(versions).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    }
    const authors = new Set((await wholeStream(openLog(), SHARED)).map(({ data }) => data.by));
    expect(authors).toEqual(new Set(['cronJob-one', 'cronJob-other']));
  });

  it('tell each other within 500 ms', async () => {
    const following = follow(openLog(), ['cronJob-']);
    await following.untilCaughtUp();
    const { ask } = startProcess('writer');
    await ask('open');
    for (let version = 1; version <= 10; version++) {
      const seen = following.untilEvents(version).then(() => Date.now());
      const { error, at } = await ask('own 1');
      expect(error).toBeUndefined();
      expect((await seen) - at).toBeLessThan(500);
    }
    expect(following.events().map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('may make the file at the same moment', async () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map(startProcess);
    const answers = await Promise.all(many.flatMap(({ ask }) => [ask('open'), ask('own 1'), ask('close')]));
    expect(answers.filter(({ error }) => error !== undefined)).toEqual([]);
    const following = follow(openLog(), ['cronJob-']);
    await following.untilCaughtUp();
    expect(
      following
        .events()
        .map(({ stream }) => stream)
        .sort(),
    ).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `cronJob-${name}`));
    expect(readdirSync(join(path, '..')).filter((name) => name.includes('.new'))).toEqual([]);
  });

  it('keep what was acknowledged when one is killed, and the other goes on', async () => {
    const [doomed, other] = [startProcess('doomed'), startProcess('other')];
    await Promise.all([doomed.ask('open'), other.ask('open')]);
    const first = await doomed.ask('own 20');
    const interrupted = Promise.all([doomed.ask('own 100000'), doomed.ask('shared 1')]);
    const before = await other.ask('own 50');
    doomed.child.kill('SIGKILL');
    const after = await other.ask('own 50');
    expect([first, before, after].map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    await interrupted;
    const log = openLog();
    const ids = new Set((await wholeStream(log, 'cronJob-doomed')).map(({ id }) => id));
    expect(first.acknowledged.every(({ id }) => ids.has(id))).toBe(true);
    expect((await wholeStream(log, 'cronJob-other')).map(({ id }) => id)).toEqual(
      [...before.acknowledged, ...after.acknowledged].map(({ id }) => id),
    );
    expect(existsSync(path)).toBe(true);
  });
});
