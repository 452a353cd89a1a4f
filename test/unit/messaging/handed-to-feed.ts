import type { CommandHandler } from '../../../src/commands/handle-commands.js';
import { feedCertifications } from '../../../src/messaging/certification-feed.js';
import { performRequestedRuns } from '../../../src/messaging/requested-runs.js';
import { takeRunResults } from '../../../src/messaging/run-results.js';
import type { DeadLetter } from '../../../src/messaging/to-dead-letter.js';
import type { CertificationRegistry } from '../../../src/ports/certification-registry.js';
import type { Consumption, IncomingMessage, MessageBus } from '../../../src/ports/message-bus.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';

export type Feed = 'certifications' | 'runs' | 'results';

export const incoming = (value: object | null, more: Partial<IncomingMessage> = {}): IncomingMessage => ({
  topic: 'a',
  partition: 0,
  offset: '1',
  key: 'key',
  headers: {},
  value: value === null ? null : Buffer.from(JSON.stringify(value)),
  ...more,
});

/** What one feed does with one message: what it takes in, or why it sets it aside. */
export async function given(
  feed: Feed,
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
