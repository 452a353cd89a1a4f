import { inspect } from 'node:util';
import { expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { connect } from '../../src/adapters/eventstoredb/connect.js';
import { openMongo } from '../../src/adapters/mongodb/open-mongo.js';
import { systemClock } from '../../src/adapters/system/clock.js';

const CANARY = 'Can4ryWord';
const pieces = [
  ...[
    ':',
    '/',
    '@',
    '?',
    '&',
    '&&',
    '=',
    ';',
    ',',
    '%',
    '%74',
    ' ',
    '\n',
    '#',
    '"',
    'admin',
    'admin:',
    'host',
  ],
  ...[
    'host:1',
    'tls=',
    'tlsCAFile=',
    'nodePreference=',
    'tlsVerifyCert=false',
    'authSource=',
    'appName=',
    '?x=',
  ],
  ...['authMechanism=', 'replicaSet=', 'password='],
];
const around = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''));
const malformed = (scheme: string): fc.Arbitrary<string> =>
  fc.tuple(around, around).map(([before, after]) => `${scheme}://${before}${CANARY}${after}`);

/** Everything that could reach a log or the screen. */
function told(open: () => unknown): string {
  const warned: unknown[][] = [];
  const spies = (['warn', 'error', 'log'] as const).map((level) =>
    jest.spyOn(console, level).mockImplementation((...said) => void warned.push(said)),
  );
  let thrown: unknown;
  try {
    open();
  } catch (error) {
    thrown = error;
  }
  for (const spy of spies) spy.mockRestore();
  return (inspect(thrown, { depth: 20, showHidden: true }) + inspect(warned)).toLowerCase();
}

it('the URL of EventStoreDB: a refusal, and a warning of its client, show no part that may be a secret', () => {
  const closing = new AbortController().signal;
  const open = (url: string) => connect({ url, clock: systemClock, deadlineMs: 1_000, closing });
  fc.assert(
    fc.property(malformed('esdb'), (url) => {
      // As a host, a word is an address, and messages name it.
      const withoutHosts = told(() => open(url)).replaceAll(/esdb:\/\/[\w.:,-]+/g, '');
      expect(withoutHosts).not.toContain(CANARY.toLowerCase());
    }),
    { numRuns: 2_000 },
  );
});

it('the URL of MongoDB: a refusal shows no part that may be a secret', async () => {
  const opened: { close(): Promise<void> }[] = [];
  fc.assert(
    fc.property(malformed('mongodb'), (url) => {
      expect(told(() => opened.push(openMongo(url)))).not.toContain(CANARY.toLowerCase());
    }),
    { numRuns: 1_000 },
  );
  await Promise.all(opened.map((mongo) => mongo.close()));
});

it('a password behind the path, which the driver would take for a database, is no part of the messages', () => {
  expect(told(() => openMongo(`mongodb://host/admin:${CANARY}`))).toContain('must look like');
});
