import { describe, expect, it } from '@jest/globals';
import { assertTimeZone } from '../../../src/schedule/time-zone.js';
import { zoneOffsets } from '../../../src/schedule/zone-offsets.js';

describe('a time zone is taken', () => {
  it.each([
    ...['UTC', 'GMT', 'GMT0', 'GMT+0', 'UCT', 'Zulu', 'Universal', 'Etc/GMT-2', 'Etc/UTC'],
    ...['EST', 'MST', 'HST', 'CET', 'MET', 'EET', 'WET', 'EST5EDT', 'CST6CDT', 'MST7MDT', 'PST8PDT'],
    ...['Eire', 'GB', 'Japan', 'NZ-CHAT', 'PRC', 'ROC', 'W-SU', 'Asia/Calcutta', 'Asia/Kolkata'],
    ...['America/Argentina/Buenos_Aires', 'America/Port-au-Prince', 'US/Eastern', 'europe/berlin', 'utc'],
  ])('when IANA has it: %s', (name) => {
    expect(() => {
      assertTimeZone(name);
    }).not.toThrow();
  });

  it('when the runtime lists it', () => {
    for (const name of Intl.supportedValuesOf('timeZone')) assertTimeZone(name);
  });
});

describe('a time zone is refused', () => {
  it.each([
    ['BST', 'Europe/London'],
    ['bst', 'Europe/London'],
    ['AST', 'America/Halifax'],
    ['IST', 'Asia/Kolkata'],
    ['MIT', 'Pacific/Apia'],
    ['ECT', 'Europe/Paris'],
    ['NST', 'America/St_Johns'],
    ['CST', 'America/Chicago'],
    ['PST', 'America/Los_Angeles'],
    ['CEST', 'Europe/Berlin'],
    ['SystemV/PST8', 'America/Los_Angeles'],
    ['SystemV/AST4ADT', 'America/Halifax'],
  ])('with a proposal when it is the abbreviation %s', (name, proposal) => {
    expect(() => {
      assertTimeZone(name);
    }).toThrow(
      expect.objectContaining({ code: 'invalid_time_zone', message: expect.stringContaining(proposal) }),
    );
  });

  it.each(['+02:00', '-0330', 'UTC+2', 'gmt-5'])('when it is an offset: %s', (name) => {
    expect(() => {
      assertTimeZone(name);
    }).toThrow(/^an offset is no time zone/);
  });

  it.each([
    ...['', ' ', 'Europe', 'Europe/Nowhere', 'Europe/Berlin ', ' UTC', 'posix/UTC', 'localtime', 'Factory'],
    ...[
      'US/Pacific-New',
      'Etc/Unknown',
      'Mideast/Riyadh87',
      'constructor',
      '__proto__',
      'Europe/Berl\u0131n',
    ],
  ])('when IANA has no such zone: %j', (name) => {
    expect(() => {
      assertTimeZone(name);
    }).toThrow(/^".*" is no time zone that IANA knows; allowed: an IANA name/);
  });

  it('whatever else the runtime takes for a zone', () => {
    const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
    const short = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
    const iana = new Set([
      'CET',
      'EET',
      'EST',
      'GMT',
      'HST',
      'MET',
      'MST',
      'PRC',
      'ROC',
      'ROK',
      'UCT',
      'UTC',
      'WET',
    ]);
    const taken = short.filter((name) => {
      try {
        assertTimeZone(name);
        return true;
      } catch {
        return false;
      }
    });
    expect(new Set(taken)).toEqual(iana);
  });
});

it('a stored job keeps the zone that an earlier version has taken', () => {
  expect(zoneOffsets('BST').offsetOf(zoneOffsets('BST').indexAt(0))).not.toBe(0);
});
