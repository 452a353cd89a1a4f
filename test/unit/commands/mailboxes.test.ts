import { beforeEach, describe, expect, it } from '@jest/globals';
import { createMailboxes, type Batch, type Mailboxes } from '../../../src/commands/mailboxes.js';

let calls: (readonly Batch<string>[])[];
let mailboxes: Mailboxes<string>;

beforeEach(() => {
  calls = [];
  mailboxes = createMailboxes({
    work: (batches) => calls.push(batches),
    areAlike: (one, other) => other.startsWith(one.charAt(0)),
    isUrgent: (item) => item.startsWith('u'),
    most: 3,
  });
});

/** Adds items such as `a: x1 x2`, and returns what is in work from then on: the batches of each call. */
async function add(...entries: string[]): Promise<string[][]> {
  calls = [];
  for (const entry of entries) {
    const [key = '', items = ''] = entry.split(': ');
    for (const item of items.split(' ')) mailboxes.add(key, item);
  }
  return begun();
}

async function begun(): Promise<string[][]> {
  await Promise.resolve();
  return calls.map((batches) => batches.map(({ key, items }) => `${key}: ${items.join(' ')}`));
}

function inWork(key: string): Batch<string> {
  const batch = calls.flat().find((each) => each.key === key);
  if (batch === undefined) throw new Error(`nothing of ${key} is in work`);
  calls = [];
  return batch;
}

describe('a mailbox', () => {
  it('is not waited for by another one, and those that are ready together share a call', async () => {
    expect(await add('a: x1', 'b: x2')).toEqual([['a: x1', 'b: x2']]);
    expect(await add('c: x3', 'a: x4')).toEqual([['c: x3']]);
  });

  it('collects what arrives while a batch is in work, in its order, and no more than the most', async () => {
    await add('a: x1');
    const first = inWork('a');
    expect(await add('a: x2 x3 x4 x5')).toEqual([]);
    first.done();
    expect(await begun()).toEqual([['a: x2 x3 x4']]);
    inWork('a').done();
    expect(await begun()).toEqual([['a: x5']]);
    inWork('a').done();
    expect(await begun()).toEqual([]);
    expect(await add('a: x6')).toEqual([['a: x6']]);
  });

  it('puts into one batch, and batches into one call, only what is alike', async () => {
    expect(await add('a: x1 y1 x2', 'b: y2', 'c: x3')).toEqual([['a: x1', 'c: x3'], ['b: y2']]);
    inWork('a').done();
    expect(await begun()).toEqual([['a: y1']]);
    inWork('a').done();
    expect(await begun()).toEqual([['a: x2']]);
  });

  it('begins again with what did not succeed, joined by what has arrived since', async () => {
    await add('a: x1 x2');
    const first = inWork('a');
    await add('a: x3 x4');
    first.again(['x2']);
    expect(await begun()).toEqual([['a: x2 x3 x4']]);
  });

  it('lets an urgent item go before those that wait, also before those that begin again', async () => {
    await add('a: x1');
    const first = inWork('a');
    await add('a: x2 u1 x3 u2');
    first.again(['x1']);
    expect(await begun()).toEqual([['a: u1 u2']]);
    inWork('a').again(['u2']);
    expect(await begun()).toEqual([['a: u2']]);
    inWork('a').done();
    expect(await begun()).toEqual([['a: x1 x2 x3']]);
  });

  it('gives up what waits in it when it is told to', async () => {
    await add('a: x1');
    const first = inWork('a');
    await add('a: x2 x3');
    expect(first.takeWaiting()).toEqual(['x2', 'x3']);
    first.done();
    expect(await begun()).toEqual([]);
  });
});
