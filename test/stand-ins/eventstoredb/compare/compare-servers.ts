import { createSeededIds } from '../../../support/seeded-ids.js';
import { type Answer, firstDifference, isSame, saidApart } from './answer.js';
import type { ComparedServer } from './compared-server.js';
import { drawOperations } from './draw-operations.js';
import { createKnownStreams } from './known-streams.js';
import { type Group, type Operation, groupOf, textOf } from './operation.js';

export interface Difference {
  group: Group;
  operation: string;
  standIn: string;
  server: string;
  /** The operations on the streams concerned, with their answers, this one not included. */
  history: readonly string[];
}

export interface Comparison {
  /** How many operations were performed. */
  performed: Record<Group, number>;
  differences: readonly Difference[];
  /** Operations whose answer the stand-in does not know. */
  notKnown: readonly string[];
}

export interface CompareOptions {
  standIn: ComparedServer;
  server: ComparedServer;
  operations: number;
  seed: number;
  onProgress?: (performed: number, differences: number) => void;
}

/** Each has a history to be read: after so many there is enough to do. */
export const MOST_DIFFERENCES = 20;

/** Performs the same operations on both, and compares the answers. Rejects when one does not answer at all. */
export async function compareServers(options: CompareOptions): Promise<Comparison> {
  const { standIn, server, operations, seed, onProgress } = options;
  const known = createKnownStreams();
  const draw = drawOperations(createSeededIds(seed), known);
  const performed: Record<Group, number> = { used: 0, deleted: 0 };
  const differences: Difference[] = [];
  const notKnown: string[] = [];
  const histories = new Map<string, string[]>();

  function differ(operation: Operation, group: Group, answers: [Answer, Answer]): void {
    const [ours, theirs] = answers;
    const streams = operation.kind === 'read_all' ? streamsApart(ours, theirs) : [operation.stream];
    const history = streams.flatMap((stream) => histories.get(stream) ?? []);
    differences.push({
      group,
      operation: textOf(operation),
      standIn: saidApart(ours, theirs),
      server: saidApart(theirs, ours),
      history,
    });
    for (const stream of [undefined, ...streams]) known.forget(stream);
  }

  for (let nth = 1; nth <= operations && differences.length < MOST_DIFFERENCES; nth++) {
    const operation = draw();
    const group = operation.kind === 'read_all' ? operation.group : groupOf(operation.stream);
    const [ours, theirs] = await Promise.all([standIn.perform(operation), server.perform(operation)]);
    performed[group]++;
    if (ours.kind === 'not_known') notKnown.push(textOf(operation));
    else if (!isSame(ours, theirs)) differ(operation, group, [ours, theirs]);
    else if (operation.kind === 'append' && ours.next !== undefined) known.appended(operation, ours.next);
    if (operation.kind !== 'read_all') {
      const history = histories.get(operation.stream) ?? [];
      histories.set(operation.stream, [...history, `${textOf(operation)} -> ${ours.said}`]);
    }
    onProgress?.(nth, differences.length);
  }
  return { performed, differences, notKnown };
}

/** The streams of the first events of `$all` that differ. */
function streamsApart(a: Answer, b: Answer): string[] {
  const at = firstDifference(a, b);
  const names = [a, b].map(({ events }) => /^(?:\$\$)?([^@]+)@/u.exec(events[at] ?? '')?.[1]);
  return [...new Set(names)].filter((name) => name !== undefined);
}
