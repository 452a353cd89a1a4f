import type { EventLog } from '../ports/event-log.js';
import { createManifest, type Manifest } from './manifest.js';
import { readSelected } from './read-selected.js';
import type { Selection } from './selection.js';

export interface ExportOptions {
  selection: Selection;
  /** The version of this program. */
  tool: string;
  /** Takes whole lines; the next ones come when it has resolved. */
  write: (lines: string) => Promise<void>;
  onProgress: (events: number) => void;
  /** Ends it early: nobody wants the rest. */
  signal: AbortSignal;
}

/**
 * Writes the events of a selection as JSON lines, in log order. Memory is that of one batch, and of the manifest.
 * @returns the manifest; undefined when it was ended early
 * @throws StoreError, and what `write` rejects with
 */
export async function exportLog(
  log: EventLog,
  { selection, tool, write, onProgress, signal }: ExportOptions,
): Promise<Manifest | undefined> {
  const head = await log.head();
  const manifest = createManifest({ selection, tool, head });
  for await (const events of readSelected(log, selection, { head, onProgress })) {
    const lines = events.map((recorded) => `${manifest.take(recorded)}\n`);
    if (lines.length > 0) await write(lines.join(''));
    if (signal.aborted) return undefined;
  }
  return manifest.end();
}
