import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalHost, hostOf, isLoopback } from '../../../src/http/host-names.js';
import { hostRule } from '../../../src/http/refuse-foreign-hosts.js';
import { isOriginOf } from '../../../src/http/refuse-foreign-origins.js';

const LOOPBACK = ['127.0.0.1', '127.255.0.3', '::1', '::ffff:127.0.0.1'];
const ELSEWHERE = ['10.1.2.3', 'fd00::17', '::ffff:10.1.2.3'];

const labels = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
const names = fc.array(labels, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
const ports = fc.constantFrom('', ':', ':80', ':3000', ':65535');
const letters = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) => Array.from(text, (letter, at) => (upper[at] ? letter.toUpperCase() : letter)).join(''));
const loopbacks = fc.oneof(
  letters('localhost'),
  letters('localhost').map((name) => `${name}.`),
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => `127.${parts.join('.')}`),
  fc.constantFrom('[::1]', '[0:0:0:0:0:0:0:1]', '[::0001]', '[::FFFF:127.0.0.1]', '[::ffff:7f00:1]'),
);

describe('the host of a request', () => {
  it('is the loopback under each of its names, with any port', () => {
    fc.assert(
      fc.property(loopbacks, ports, (host, port) => {
        expect(isLoopback(hostOf(host + port) ?? '')).toBe(true);
      }),
    );
  });

  it.each([
    ...[
      'localhost.evil.com',
      '127.0.0.1.evil.com',
      '127.0.0.1.',
      '127.1',
      '2130706433',
      '0x7f.0.0.1',
      '0177.0.0.1',
    ],
    ...[
      '128.0.0.1',
      '0.0.0.0',
      '[::]',
      '[::2]',
      '[fe80::1]',
      '[::ffff:10.0.0.1]',
      'xn--lcalhost-6za',
      'a.localhost',
    ],
  ])('is not the loopback when it only looks like it: %s', (host) => {
    // The address with a dot at its end is one for browsers, but they send it without.
    expect(isLoopback(hostOf(host) ?? '')).toBe(host === '127.0.0.1.');
  });

  it.each([
    ...[
      '',
      ':80',
      'a b',
      'a/b',
      'user@localhost',
      'localhost@evil.com',
      'localhost,evil.com',
      'a..b',
      '.',
      '.a',
      'a:80:80',
    ],
    ...[
      'a:port',
      '[::1',
      '::1',
      '[::1]x',
      '[::1%25lo]',
      '[127.0.0.1.5]',
      'loc%61lhost',
      'löcalhost',
      'localhost\\@a',
      'a?',
    ],
  ])('is none when it cannot be one: "%s"', (authority) => {
    expect(hostOf(authority)).toBeUndefined();
  });

  it('does not depend on letters, the dot of the root, the port, or how an address is written', () => {
    fc.assert(
      fc.property(
        names.chain((name) => fc.tuple(fc.constant(name), letters(name))),
        ports,
        ([name, written], port) => {
          expect(hostOf(written + port)).toBe(name);
          expect(hostOf(`${written}.${port}`)).toBe(name);
        },
      ),
    );
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const canonical = canonicalHost(address);
        expect(hostOf(`[${address.toUpperCase()}]:1`)).toBe(canonical);
        expect(canonicalHost(canonical ?? '')).toBe(canonical);
      }),
    );
  });
});

describe('whether a request is for this service', () => {
  const plain = hostRule({ host: '127.0.0.1', allowedHosts: [] });

  it('over the loopback: under its names and HOST only', () => {
    fc.assert(
      fc.property(names, ports, fc.constantFrom(undefined, ...LOOPBACK), (name, port, reached) => {
        fc.pre(!isLoopback(name));
        expect(plain(name + port, reached)).toBe(false);
        expect(hostRule({ host: name, allowedHosts: [] })(`${name}.${port}`, reached)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(loopbacks, ports, fc.constantFrom(undefined, ...LOOPBACK), (host, port, reached) => {
        expect(plain(host + port, reached)).toBe(true);
      }),
    );
  });

  it('from elsewhere: under any name, as long as nobody has said which', () => {
    const open = hostRule({ host: '0.0.0.0', allowedHosts: [] });
    fc.assert(
      fc.property(names, ports, fc.constantFrom(...ELSEWHERE), (name, port, reached) => {
        expect(open(name + port, reached)).toBe(true);
      }),
    );
  });

  it('from anywhere: under the names that were said, the loopback, and the very address that was reached', () => {
    const said = hostRule({ host: '0.0.0.0', allowedHosts: ['Cron.Example.com.', '[FD00:0::5]'] });
    for (const reached of [...LOOPBACK, ...ELSEWHERE]) {
      for (const host of [
        'cron.example.com',
        'CRON.example.com.:3000',
        '[fd00::5]:80',
        'localhost:3000',
        '0.0.0.0:1',
      ])
        expect(said(host, reached)).toBe(true);
      for (const host of ['evil.com', 'example.com', 'x.cron.example.com', '10.9.9.9', '[fd00::6]', ''])
        expect(said(host, reached)).toBe(false);
    }
    // The kubelet probes a pod by its address.
    expect(said('10.1.2.3:3000', '10.1.2.3')).toBe(true);
    expect(said('10.1.2.3:3000', '::ffff:10.1.2.3')).toBe(true);
    expect(said('[fd00:0:0:0:0:0:0:17]:3000', 'fd00::17')).toBe(true);
  });
});

describe('the origin of a write', () => {
  it('is own when it is the host that it was sent to, whatever the scheme and the usual port', () => {
    fc.assert(
      fc.property(
        names,
        fc.constantFrom('http', 'https'),
        fc.constantFrom('', ':3000'),
        (name, scheme, port) => {
          expect(isOriginOf(name + port, `${scheme}://${name}${port}`)).toBe(true);
          expect(isOriginOf(name.toUpperCase() + port, `${scheme}://${name}${port}`)).toBe(true);
          expect(isOriginOf(`${name}.evil${port}`, `${scheme}://${name}${port}`)).toBe(false);
          expect(isOriginOf(name, `${scheme}://${name}:3001`)).toBe(false);
        },
      ),
    );
    expect(isOriginOf('a:80', 'http://a')).toBe(true);
    expect(isOriginOf('a:443', 'https://a')).toBe(true);
    expect(isOriginOf('[::1]:3000', 'http://[::1]:3000')).toBe(true);
  });

  it.each([
    ...[
      'null',
      '',
      'http://',
      'file://a',
      'a',
      'chrome-extension://a',
      'http://a@b',
      'http://b@a',
      'http://a, http://a',
    ],
    ...['http://a/', 'http://a\\b', 'http://a#', 'http://b', 'http://a:81', 'data:a', 'http:a', '//a'],
  ])('is foreign otherwise: "%s"', (origin) => {
    expect(isOriginOf('a', origin)).toBe(false);
  });

  it.each([undefined, '', 'b@a', 'a/', 'a#b'])('is foreign when it was sent to nobody: %s', (host) => {
    expect(isOriginOf(host, 'http://a')).toBe(false);
  });
});
