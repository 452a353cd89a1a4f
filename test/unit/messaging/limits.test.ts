import { describe, expect, it } from '@jest/globals';
import type { CommandHandler } from '../../../src/commands/handle-commands.js';
import { feedCertifications } from '../../../src/messaging/certification-feed.js';
import { performRequestedRuns } from '../../../src/messaging/requested-runs.js';
import { takeRunResults } from '../../../src/messaging/run-results.js';
import type { DeadLetter } from '../../../src/messaging/to-dead-letter.js';
import type { CertificationRegistry } from '../../../src/ports/certification-registry.js';
import type { Consumption, IncomingMessage, MessageBus } from '../../../src/ports/message-bus.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';

const LONG = 'x'.repeat(50_000);
const TOO_LARGE = 'header a has 9000 bytes, allowed are 8192';

const incoming = (value: object | null, more: Partial<IncomingMessage> = {}): IncomingMessage => ({
  topic: 'a',
  partition: 0,
  offset: '1',
  key: 'key',
  headers: {},
  value: value === null ? null : Buffer.from(JSON.stringify(value)),
  ...more,
});

/** What one feed does with one message: what it takes in, or why it sets it aside. */
async function given(
  feed: 'certifications' | 'runs' | 'results',
  message: IncomingMessage,
): Promise<{ taken: unknown[]; reasons: string[] }> {
  const taken: unknown[] = [];
  const letters: DeadLetter[] = [];
  const take = (...what: unknown[]) => Promise.resolve(void taken.push(...what));
  const deadLetters = {
    add: (some: readonly DeadLetter[]) => Promise.resolve(void letters.push(...some)),
    close: () => take(),
  };
  const signal = new AbortController().signal;
  const bus = {
    consume: (consumption: Consumption) => consumption.handle([message], signal),
  } as MessageBus;
  const registry = { upsert: take, remove: take } as unknown as CertificationRegistry;
  const commands = {
    async handle(command: unknown) {
      await take(command);
      return { events: [{}] };
    },
  } as unknown as CommandHandler;
  const logger = createCollectingLogger();
  if (feed === 'certifications') await feedCertifications({ bus, registry, deadLetters }, signal);
  else if (feed === 'results') await takeRunResults({ bus, commands, deadLetters, logger }, signal);
  else {
    const performRun = async (run: unknown) => {
      await take(run);
      return 'closed' as const;
    };
    await performRequestedRuns({ bus, performRun, deadLetters }, signal);
  }
  return { taken, reasons: letters.map(({ reason }) => reason) };
}

const certification = { mentor_id: 'm', expires_at: '2030-01-31' };
const run = { cron_id: 'cron-1', run_id: 'run-1' };
const failed = { ...run, status: 'failed', error: { message: 'why' } };

describe('what is taken in', () => {
  it.each<[Parameters<typeof given>[0], object]>([
    ['certifications', certification],
    ['runs', run],
    ['results', failed],
  ])('is within the limits: %s', async (feed, value) => {
    expect(await given(feed, incoming(value, { headers: { ce_id: 'i'.repeat(200) } }))).toMatchObject({
      taken: [expect.anything(), ...(feed === 'certifications' ? ['feed'] : [])],
      reasons: [],
    });
    expect(await given(feed, incoming(value, { tooLarge: TOO_LARGE }))).toEqual({
      taken: [],
      reasons: [TOO_LARGE],
    });
  });

  it.each<[string, Parameters<typeof given>[0], IncomingMessage]>([
    ['a tombstone with a cut key', 'certifications', incoming(null, { tooLarge: TOO_LARGE })],
    ['a tombstone with a long key', 'certifications', incoming(null, { key: LONG })],
    ['mentor_id', 'certifications', incoming({ ...certification, mentor_id: LONG })],
    ['certification_id', 'certifications', incoming({ ...certification, certification_id: LONG })],
    [
      'expires_at',
      'certifications',
      incoming({ ...certification, expires_at: `2030-01-31T00:00:00.${'1'.repeat(900)}Z` }),
    ],
    ['cron_id of a run', 'runs', incoming({ ...run, cron_id: LONG })],
    ['run_id of a run', 'runs', incoming({ ...run, run_id: LONG })],
    ['cron_id of a result', 'results', incoming({ ...failed, cron_id: LONG })],
    ['run_id of a result', 'results', incoming({ ...failed, run_id: LONG })],
    ['error of a result', 'results', incoming({ ...failed, error: { message: LONG } })],
    ['ce_id of a result', 'results', incoming(failed, { headers: { ce_id: 'i'.repeat(201) } })],
  ])('is set aside beyond them, with a short reason: %s', async (_, feed, message) => {
    const { taken, reasons } = await given(feed, message);
    expect(taken).toEqual([]);
    expect(reasons).toEqual([expect.stringMatching(/^.{5,400}$/)]);
  });
});
