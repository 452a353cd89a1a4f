import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../config/config.js';
import { createDocuments } from '../documents/documents.js';
import type { ApiExample } from '../documents/openapi/examples.js';
import type { Steps } from '../documents/steps.js';
import type { Document, Documents } from '../http/document-routes.js';
import type { Clock } from '../ports/clock.js';
import { turnWithTime } from '../waiting/turn-with-time.js';
import { ownPackage } from './own-package.js';

/** Requests with their answers, for documents: written by the tests, above `src/` and `dist/`. */
export const apiExamples: readonly ApiExample[] = JSON.parse(
  readFileSync(new URL('../../examples/rest-api.json', import.meta.url), 'utf8'),
) as ApiExample[];

/**
 * The documents of a service with this configuration. Each is made when somebody first asks for it, once for all who ask,
 * so no start waits for them; over several turns of the event loop, since all of them take 100 ms.
 */
export function serviceDocuments({ kafka }: Pick<Config, 'kafka'>, clock: Clock): Documents {
  const { version } = ownPackage;
  const makers = createDocuments({ version, topicPrefix: kafka?.topicPrefix ?? '', examples: apiExamples });
  const made = new Map<string, Promise<Document>>();
  return {
    get(path) {
      const maker = makers.get(path);
      if (maker === undefined) return undefined;
      const document = made.get(path) ?? inTurns(maker(), clock);
      made.set(path, document);
      return document;
    },
  };
}

async function inTurns(steps: Steps<object>, clock: Clock): Promise<Document> {
  for (;;) {
    await turnWithTime(clock);
    const step = steps.next();
    if (step.done !== true) continue;
    await turnWithTime(clock);
    const text = `${JSON.stringify(step.value, null, 2)}\n`;
    return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
  }
}
