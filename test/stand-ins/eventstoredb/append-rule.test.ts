import { describe, expect, it } from '@jest/globals';
import { type Decision, type Expected, NO_STREAM, type StreamView, decideAppend } from './append-rule.js';

const APPEND: Decision = { kind: 'append' };
const NOT_KNOWN: Decision = { kind: 'not_known' };
const wrong = (current: number): Decision => ({ kind: 'wrong_version', current });
const repeat = (last: number, replicated = true): Decision => ({ kind: 'repeat', last, replicated });

function streamOf(ids: string[], differences: Partial<StreamView> = {}): StreamView {
  const last = ids.length - 1;
  return {
    last,
    replicatedLast: last,
    softDeleted: false,
    tombstoned: false,
    hasMetadata: false,
    idAt: (revision) => ids[revision],
    wasWritten: (id) => ids.includes(id),
    ...differences,
  };
}

const empty = streamOf([]);
const abc = streamOf(['a', 'b', 'c']);
const unreplicated = { replicatedLast: 1 };

describe('append rule', () => {
  it.each<[string, StreamView, Expected, string[], Decision]>([
    ['no stream, new', empty, NO_STREAM, ['a'], APPEND],
    ['any, new', empty, 'any', ['a'], APPEND],
    ['a revision, new', empty, 0, ['a'], wrong(NO_STREAM)],
    ['stream exists, new', empty, 'stream_exists', ['a'], wrong(NO_STREAM)],
    ['stream exists, only metadata', streamOf([], { hasMetadata: true }), 'stream_exists', ['a'], APPEND],
    ['current', abc, 2, ['d'], APPEND],
    ['current, with ids that are there', abc, 2, ['b', 'c'], APPEND],
    ['behind the end', abc, 3, ['d'], wrong(2)],
    ['earlier, same ids to the end', abc, 0, ['b', 'c'], repeat(2)],
    ['earlier, same ids in the middle', abc, 0, ['b'], repeat(1)],
    ['no stream, same ids', abc, NO_STREAM, ['a', 'b', 'c'], repeat(2)],
    ['earlier, other first id', abc, 0, ['x', 'c'], wrong(2)],
    ['earlier, ids of another place', abc, 0, ['c'], wrong(2)],
    ['earlier, only the beginning matches', abc, 0, ['b', 'x'], wrong(2)],
    ['earlier, one more than is there', abc, 1, ['c', 'd'], wrong(2)],
    ['no stream, other ids', abc, NO_STREAM, ['x'], wrong(2)],
    ['repeat not replicated', streamOf(['a', 'b', 'c'], unreplicated), 1, ['c'], repeat(2, false)],
    ['repeat replicated, later ones not', streamOf(['a', 'b', 'c'], unreplicated), 0, ['b'], repeat(1)],
    ['any, none seen', abc, 'any', ['x', 'y'], APPEND],
    ['any, all ids seen', abc, 'any', ['b', 'c'], NOT_KNOWN],
    ['any, only the end seen', abc, 'any', ['x', 'b'], NOT_KNOWN],
    ['any, only the beginning seen', abc, 'any', ['b', 'x'], NOT_KNOWN],
    ['any, seen in another stream', streamOf([], { wasWritten: () => true }), 'any', ['a'], NOT_KNOWN],
    ['stream exists, none seen', abc, 'stream_exists', ['x'], APPEND],
    ['stream exists, ids seen', abc, 'stream_exists', ['c'], NOT_KNOWN],
    [
      'stream exists, no stream, ids seen elsewhere',
      streamOf([], { wasWritten: () => true }),
      'stream_exists',
      ['a'],
      wrong(NO_STREAM),
    ],
    ['no stream, soft-deleted', streamOf(['a'], { softDeleted: true }), NO_STREAM, ['x'], APPEND],
    [
      'no stream, soft-deleted, same ids',
      streamOf(['a'], { softDeleted: true }),
      NO_STREAM,
      ['a'],
      repeat(0),
    ],
    [
      'no stream, soft-deleted, beginning',
      streamOf(['a'], { softDeleted: true }),
      NO_STREAM,
      ['a', 'x'],
      wrong(0),
    ],
    ['stream exists, soft-deleted', streamOf(['a'], { softDeleted: true }), 'stream_exists', ['x'], wrong(0)],
    ['current, soft-deleted', streamOf(['a'], { softDeleted: true }), 0, ['x'], APPEND],
    ['any, tombstoned', streamOf(['a'], { tombstoned: true }), 'any', ['x'], { kind: 'deleted' }],
    ['current, tombstoned', streamOf(['a'], { tombstoned: true }), 0, ['x'], { kind: 'deleted' }],
  ])('%s', (_, stream, expected, ids, decision) => {
    expect(decideAppend(stream, expected, ids)).toEqual(decision);
  });
});
