import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { closeQuietly } from '../../../src/http/close-quietly.js';
import { createConnections } from '../../../src/http/connections.js';
import { publicLimits } from '../../../src/http/http-limits.js';
import type { Clock } from '../../../src/ports/clock.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { eventually } from '../../support/eventually.js';

/** A clock on which each turn of the event loop takes so long. */
function slowTurns(turnMs: number) {
  const seen = { turns: 0, now: 0 };
  const clock = {
    ...systemClock,
    monotonic: () => seen.now,
    async yield() {
      seen.turns++;
      seen.now += turnMs;
      await systemClock.yield();
    },
  };
  return { clock, seen };
}

/** A server that answers each request, as the service does. */
async function listening(clock: Clock) {
  const state = { answered: 0 };
  const server = createServer();
  const answer = ({ response }: { response: ServerResponse }): void => {
    state.answered++;
    response.end();
  };
  const connections = createConnections(answer, publicLimits, { clock, logger: createCollectingLogger() });
  server.on('connection', connections.opened);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    connections.asked({ request, response });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => void closeQuietly(server, { clock, connections }, resolve));
  return { server, port, state, close };
}

it.each([
  ['at once when nothing is going on', 0.01, 1],
  ['after some turns when there is always something going on', 1, 200],
  ['soon also when each turn takes long', 20, 10],
])('stops listening %s', async (_, turnMs, turns) => {
  const { clock, seen } = slowTurns(turnMs);
  const { server, close } = await listening(clock);
  await close();
  expect(server.listening).toBe(false);
  expect(seen.turns).toBe(turns);
});

it('takes in all who wait, answers them afterwards, and reads none before', async () => {
  const { clock, seen } = slowTurns(10);
  const { server, port, state, close } = await listening(clock);
  let answeredBefore: number | undefined;
  const stopListening = server.close.bind(server);
  server.close = (callback) => {
    answeredBefore = state.answered;
    return stopListening(callback);
  };
  const answers = Array.from(
    { length: 80 },
    () =>
      new Promise<unknown>((resolve) => {
        request({ host: '127.0.0.1', port, agent: false }, ({ statusCode }) => {
          resolve(statusCode);
        })
          .on('error', resolve)
          .end();
      }),
  );
  await close();
  expect(await Promise.all(answers)).toEqual(answers.map(() => 200));
  expect(answeredBefore).toBe(0);
  expect(seen.now).toBeLessThan(2_000);
});

it('stops listening while there are always others who come', async () => {
  const { clock, seen } = slowTurns(25);
  const { server, port, close } = await listening(clock);
  const state = { over: false, taken: 0 };
  server.on('connection', () => state.taken++);
  const comeAgain = async (): Promise<void> => {
    while (!state.over) {
      const before = state.taken;
      request({ port, agent: false })
        .on('error', () => undefined)
        .end();
      await eventually('it is taken in', () => state.over || state.taken > before);
    }
  };
  const coming = comeAgain();
  await eventually('the first is taken in', () => state.taken > 0);
  await close();
  state.over = true;
  await coming;
  expect(server.listening).toBe(false);
  expect(seen.now).toBeLessThanOrEqual(2_000);
});
