import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { createManifest, manifestSchema, type Manifest } from '../../../src/replay/manifest.js';
import { createManifestProof, faultOfExported } from '../../../src/replay/prove-manifest.js';
import type { Selection } from '../../../src/replay/selection.js';

const ALL: Selection = { job: null, people: true, from: null, to: null };

function recorded(number: number, changes: Partial<RecordedEvent> = {}): RecordedEvent {
  return {
    id: `id-${number}`,
    stream: `cronJob-cron-${number % 3}`,
    version: Math.floor(number / 3) + 1,
    position: String(number).padStart(19, '0'),
    type: 'SampleHappened',
    data: { number },
    metadata: { actor: 'worker', correlation_id: 'c', causation_id: null, schema_version: 1 },
    recorded_at: '2026-03-26T10:00:00.000Z',
    ...changes,
  };
}

const recordedUpTo = (count: number): RecordedEvent[] =>
  Array.from({ length: count }, (_, index) => recorded(index + 1));

function exported(events: readonly RecordedEvent[]): { manifest: Manifest; lines: string[] } {
  const made = createManifest({ selection: ALL, tool: '0.1.0', head: '' });
  const lines = events.map((event) => made.take(event));
  return { manifest: manifestSchema.parse(JSON.parse(JSON.stringify(made.end()))), lines };
}

// eslint-disable-next-line @typescript-eslint/require-await -- lines come from a file
async function* fromFile(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

async function faultOf(
  manifest: Manifest,
  events: readonly RecordedEvent[],
  lines?: readonly string[],
): Promise<string | undefined> {
  const proof = createManifestProof(manifest, lines && fromFile(lines));
  for (const event of events) proof.take(event);
  return proof.fault();
}

it('a log that has only grown still holds what was exported', async () => {
  for (const count of [0, 1, 999, 1_000, 1_001, 2_000]) {
    const { manifest, lines } = exported(recordedUpTo(count));
    expect(await faultOf(manifest, recordedUpTo(count))).toBeUndefined();
    expect(await faultOf(manifest, recordedUpTo(count + 7), lines)).toBeUndefined();
    expect(await faultOfExported(manifest, fromFile(lines))).toBeUndefined();
  }
});

it('a log that has lost its end is told from one that differs, and the place is named', async () => {
  const events = recordedUpTo(2_500);
  const { manifest, lines } = exported(events);
  const lost =
    'the log has lost its end: it holds 2490 events of the 2500 exported; the last one, id-2500 at 0000000000000002500, is gone';
  expect(await faultOf(manifest, events.slice(0, 2_490))).toBe(lost);
  expect(await faultOf(manifest, events.slice(0, 2_490), lines)).toBe(lost);

  const stretch =
    'the log differs from the export after event 1000 (cronJob-cron-1 version 334 at 0000000000000001000, id id-1000) up to event 2000 (cronJob-cron-2 version 667 at 0000000000000002000, id id-2000)';
  const without = events.filter((_, index) => index !== 1_233);
  expect(await faultOf(manifest, without)).toBe(stretch);
  expect(await faultOf(manifest, without, lines)).toBe(
    `${stretch}; the first that differs is event 1234: exported was cronJob-cron-1 version 412 at 0000000000000001234, id id-1234, the log has cronJob-cron-2 version 412 at 0000000000000001235, id id-1235`,
  );
  // One of the last ones is gone, but not the end.
  expect(await faultOf(manifest, events.toSpliced(2_400, 1))).toMatch(
    /^the log differs .* after event 2000 /,
  );
  expect(await faultOf(manifest, [])).toMatch(/^the log has lost its end: it holds 0 events/);
});

it('whatever is removed or changed is found, and with the lines of the export its exact place', async () => {
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 2_300 }),
    fc.double({ min: 0, max: 0.999, noNaN: true }),
    fc.constantFrom('removed', 'data', 'actor', 'time', 'swapped', 'all after it removed'),
    async (count, where, how) => {
      const events = recordedUpTo(count);
      const { manifest, lines } = exported(events);
      const at = Math.floor(where * count);
      const changed = {
        removed: () => events.toSpliced(at, 1),
        data: () => events.with(at, recorded(at + 1, { data: { number: -1 } })),
        actor: () =>
          events.with(at, recorded(at + 1, { metadata: { ...recorded(1).metadata, actor: 'somebody' } })),
        time: () => events.with(at, recorded(at + 1, { recorded_at: '2026-03-26T10:00:00.001Z' })),
        swapped: () => [...events.slice(0, at), ...events.slice(at).reverse()],
        'all after it removed': () => events.slice(0, at),
      }[how]();
      const isSame = how === 'swapped' && at === count - 1;
      const fault = await faultOf(manifest, changed);
      expect(fault === undefined).toBe(isSame);
      if (isSame) return;
      const located = await faultOf(manifest, changed, lines);
      const isLost = changed.length < count && at >= changed.length;
      const middle = how === 'swapped' ? Math.floor((at + count) / 2) : at;
      const first = how === 'swapped' && (count - at) % 2 === 1 && middle === at ? at + 1 : at;
      expect(located).toMatch(
        isLost ? /^the log has lost its end/ : new RegExp(`the first that differs is event ${first + 1}:`),
      );
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

it('a file that is not as exported is told, and where', async () => {
  const { manifest, lines } = exported(recordedUpTo(1_500));
  const fault = (changed: readonly string[]) => faultOfExported(manifest, fromFile(changed));
  expect(await fault(lines.with(1_200, '{}'))).toMatch(
    /^the exported events are not those of the manifest after event 1000 .* up to event 1500/,
  );
  expect(await fault(lines.slice(0, -2))).toBe(
    'the export has lost its end: it holds 1498 events, the manifest names 1500',
  );
  expect(await fault([...lines, 'more'])).toBe('there are 1 lines more than the manifest names');
});

it('a manifest without its last milestones is refused: it would prove less than it says', () => {
  const { manifest } = exported(recordedUpTo(1_500));
  expect(() => manifestSchema.parse({ ...manifest, milestones: manifest.milestones.slice(0, 1) })).toThrow(
    'is not that of its last milestone',
  );
});
