import { describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import fc from 'fast-check';
import { ANONYMOUS, createPrincipal, type Principal } from '../../../src/access/principal.js';
import { limitRate } from '../../../src/http/limit-rate.js';
import { ProblemError } from '../../../src/http/problem.js';
import { createRequestCounts } from '../../../src/http/request-counts.js';

function start(limit: number | undefined) {
  let now = 0;
  const counted: string[] = [];
  const limited = limitRate(limit, { monotonic: () => now }, (reason) => counted.push(reason));
  const ask = (remoteAddress: string, principal: Principal = ANONYMOUS): Promise<string> =>
    new Promise((resolve) => {
      const request = { socket: { remoteAddress }, headers: { 'x-forwarded-for': '10.9.9.9' } };
      void limited(
        request as unknown as Request,
        { locals: { principal } } as unknown as Response,
        (error) => {
          resolve(
            error instanceof ProblemError ? `after ${error.problem.headers?.['Retry-After']} s` : 'yes',
          );
        },
      );
    });
  return { ask, counted, pass: (ms: number) => (now += ms) };
}

describe('the limit of requests', () => {
  it('is of a minute, and says when the next one begins', async () => {
    const { ask, counted, pass } = start(2);
    const answers = [await ask('10.0.0.1'), await ask('10.0.0.1'), await ask('10.0.0.1')];
    pass(59_100);
    answers.push(await ask('10.0.0.1'));
    pass(900);
    answers.push(await ask('10.0.0.1'), await ask('10.0.0.1'), await ask('10.0.0.1'));
    expect(answers).toEqual(['yes', 'yes', 'after 60 s', 'after 1 s', 'yes', 'yes', 'after 60 s']);
    expect(counted).toEqual(['rate_limited', 'rate_limited', 'rate_limited']);
  });

  it('is of a credential, wherever it comes from, and of an address without one', async () => {
    const { ask } = start(1);
    const [one, other] = [createPrincipal('key:one', []), createPrincipal('key:other', [])];
    expect([await ask('10.0.0.1', one), await ask('10.0.0.2', one)]).toEqual(['yes', 'after 60 s']);
    expect([await ask('10.0.0.1', other), await ask('10.0.0.1')]).toEqual(['yes', 'yes']);
    expect([await ask('::ffff:10.0.0.1'), await ask('10.0.0.2')]).toEqual(['after 60 s', 'yes']);
    const network = ['2001:db8:1:200::1', '2001:db8:1:2ff:ffff::1', '2001:db8:1:300::1', 'fe80::1%eth0'];
    const answers: string[] = [];
    for (const address of network) answers.push(await ask(address));
    expect(answers).toEqual(['yes', 'after 60 s', 'yes', 'yes']);
  });

  it('is not there unless it is wanted', async () => {
    const { ask } = start(undefined);
    for (let count = 0; count < 100; count++) expect(await ask('10.0.0.1')).toBe('yes');
  });

  it('counts all requests of each sender in a window, whatever the time', () => {
    const steps = fc.array(fc.record({ sender: fc.nat(3), ms: fc.nat(40) }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (asked) => {
        let now = 5;
        const counts = createRequestCounts({ monotonic: () => now }, 100);
        let window: { endsAt: number; counted: number[] } = { endsAt: 0, counted: [] };
        for (const { sender, ms } of asked) {
          now += ms;
          if (now >= window.endsAt) window = { endsAt: now + 100, counted: [0, 0, 0, 0] };
          window.counted[sender] = (window.counted[sender] ?? 0) + 1;
          expect(counts.increment(String(sender))).toEqual({
            totalHits: window.counted[sender],
            resetTime: undefined,
          });
        }
      }),
    );
  });

  it('counts a sender with a whole /48 as 256 senders at most: it cannot use up the numbers', async () => {
    const { ask } = start(1);
    let accepted = 0;
    for (let network = 0; network < 0x10000; network += 0x10) {
      const answer = await ask(`2001:db8:1:${network.toString(16)}::1`);
      if (answer === 'yes') accepted++;
    }
    expect(accepted).toBe(256);
  });

  it('keeps 10,000 numbers at most: the senders beyond them share one', async () => {
    const counts = createRequestCounts({ monotonic: () => 0 }, 60_000);
    for (let sender = 0; sender < 10_000; sender++) await counts.increment(`10.${sender}`);
    const hits = [];
    for (const sender of ['a', 'b', '10.0', 'c', 'a']) hits.push((await counts.increment(sender)).totalHits);
    expect(hits).toEqual([1, 2, 2, 3, 4]);
  });
});
