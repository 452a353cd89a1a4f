import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { openSqliteEventLog } from '../../../dist/adapters/sqlite/event-log.js';
import { systemClock } from '../../../dist/adapters/system/clock.js';
import { systemIds } from '../../../dist/adapters/system/ids.js';

/**
 * A process that appends, for tests of several at once: node append-process.mjs LOG OWN_STREAM SHARED_STREAM
 * Reads lines: `open`, `own COUNT`, `shared COUNT` (that many wins on the contended stream), `close`.
 * One after the other, and answers each with a line of JSON: what was acknowledged, and when the last one was.
 */
const [path, ownStream, sharedStream] = process.argv.slice(2);
let log;

const newEvent = () => ({
  id: randomUUID(),
  type: 'SampleHappened',
  data: { by: ownStream },
  metadata: { actor: ownStream, correlation_id: ownStream, causation_id: null, schema_version: 1 },
});

async function appendUntilWon(stream, version, { contended }) {
  for (let expectedVersion = version; ;) {
    const event = newEvent();
    const [outcome] = await log.append([{ stream, expectedVersion, events: [event] }]);
    if (outcome.kind === 'appended') return { stream, version: expectedVersion + 1, id: event.id };
    if (!contended) throw new Error(`conflict on ${stream} at ${expectedVersion}: found ${outcome.version}`);
    expectedVersion = outcome.version;
  }
}

async function appendMany(stream, count, options) {
  const [last] = await log.readStream(stream, { direction: 'backwards', limit: 1 });
  const acknowledged = [];
  let version = last?.version ?? 0;
  for (let done = 0; done < count; done++) {
    acknowledged.push(await appendUntilWon(stream, version, options));
    version = acknowledged.at(-1).version;
  }
  return acknowledged;
}

const commands = {
  open: () => {
    log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path });
    return [];
  },
  own: (count) => appendMany(ownStream, count, { contended: false }),
  shared: (count) => appendMany(sharedStream, count, { contended: true }),
  close: async () => {
    await log.close();
    return [];
  },
};

async function perform(line) {
  const [command, count] = line.split(' ');
  let answer;
  try {
    answer = { acknowledged: await commands[command](Number(count)) };
  } catch (error) {
    answer = { acknowledged: [], error: String(error) };
  }
  process.stdout.write(`${JSON.stringify({ ...answer, at: Date.now() })}\n`);
}

for await (const line of createInterface({ input: process.stdin })) await perform(line);
