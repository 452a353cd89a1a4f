import * as z from 'zod';
import type { RecordedEvent } from '../ports/event-log.js';
import { exportLine } from './hash-lines.js';
import {
  createChainProof,
  findFirstDifference,
  type ChainVerdict,
  type Place,
  type Stretch,
} from './chain-proof.js';
import type { Manifest } from './manifest.js';
import { selects } from './selection.js';

const lineSchema = z.object({
  stream: z.string(),
  version: z.number(),
  position: z.string(),
  id: z.string(),
});
const UNREADABLE: Place = { stream: 'a line that is no event', version: 0, position: '', event_id: '' };

/** Proves that a log still holds what was exported. All events of its jobs and reminders are taken, in log order. */
export interface ManifestProof {
  take(recorded: RecordedEvent): void;
  /** What is wrong once the end of the log is reached; undefined when the log holds all of it, and maybe more. */
  fault(): Promise<string | undefined>;
}

/** @param exported the lines of the export where they are at hand: they tell which event is the first that differs */
export function createManifestProof(
  manifest: Manifest,
  exported: AsyncIterable<string> | undefined,
): ManifestProof {
  const isSelected = selects(manifest.asked);
  const chain = createChainProof(manifest);
  let hasLast = false;

  return {
    take(recorded) {
      if (!isSelected(recorded)) return;
      hasLast ||= recorded.id === manifest.last?.event_id;
      chain.take(exportLine(recorded), () => ({
        stream: recorded.stream,
        version: recorded.version,
        position: recorded.position,
        event_id: recorded.id,
      }));
    },
    async fault() {
      const verdict = chain.verdict();
      if (verdict.kind === 'same') return undefined;
      const first = exported && (await findFirstDifference(verdict.stretch, exported));
      if (verdict.kind === 'shorter' && !hasLast && first?.found === undefined)
        return lostEnd(verdict, manifest);
      const text = `the log differs from the export ${between(verdict.stretch)}`;
      if (first === undefined) return text;
      const found =
        first.found === undefined ? 'the log has none there' : `the log has ${placeText(first.found)}`;
      return `${text}; the first that differs is event ${first.number}: exported was ${placeText(placeIn(first.line))}, ${found}`;
    },
  };
}

/**
 * Proves that exported lines are those that a manifest is of.
 * @returns what is wrong; undefined when they are
 */
export async function faultOfExported(
  manifest: Manifest,
  lines: AsyncIterable<string>,
): Promise<string | undefined> {
  const chain = createChainProof(manifest);
  for await (const line of lines) chain.take(line, () => placeIn(line));
  const verdict = chain.verdict();
  switch (verdict.kind) {
    case 'other':
      return `the exported events are not those of the manifest ${between(verdict.stretch)}`;
    case 'shorter':
      return `the export has lost its end: it holds ${verdict.count} events, the manifest names ${manifest.events.count}`;
    case 'same':
      return verdict.beyond === 0
        ? undefined
        : `there are ${verdict.beyond} lines more than the manifest names`;
  }
}

function lostEnd({ count }: Extract<ChainVerdict, { kind: 'shorter' }>, { events, last }: Manifest): string {
  return `the log has lost its end: it holds ${count} events of the ${events.count} exported; the last one, ${last?.event_id ?? 'none'} at ${last?.position ?? 'none'}, is gone`;
}

function between({ after, until }: Stretch): string {
  const begin =
    after === undefined ? 'from its first event' : `after event ${after.count} (${placeText(after)})`;
  return `${begin} up to event ${until.count} (${placeText(until)})`;
}

function placeText({ stream, version, position, event_id }: Place): string {
  return `${stream} version ${version} at ${position}, id ${event_id}`;
}

function placeIn(line: string): Place {
  const parsed = lineSchema.safeParse(jsonIn(line));
  if (!parsed.success) return UNREADABLE;
  const { stream, version, position, id } = parsed.data;
  return { stream, version, position, event_id: id };
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // No JSON at all is as little an event as other JSON is.
    return undefined;
  }
}
