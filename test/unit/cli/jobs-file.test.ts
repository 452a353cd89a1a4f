import { describe, expect, it } from '@jest/globals';
import { readJobsFile } from '../../../src/cli/jobs-file.js';

const JOB = { key: 'a', name: 'a', cron_expression: '0 2 * * *' };
const bytes = (text: string): Uint8Array => Buffer.from(text);
const json = (value: unknown): Uint8Array => bytes(JSON.stringify(value));

/** What the fault says; fails when there is none. */
function faultOf(file: Uint8Array): string {
  try {
    readJobsFile(file);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('the file was taken');
}

describe('a file of jobs', () => {
  it.each([
    ['a list', json([JOB])],
    ['an object', json({ jobs: [JOB] })],
    ['behind a byte order mark, as some editors write it', bytes(`\ufeff${JSON.stringify([JOB])}`)],
  ])('is read: %s', (_, file) => {
    expect(readJobsFile(file)).toMatchObject([{ key: 'a', config: { name: 'a', time_zone: 'UTC' } }]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['no JSON', bytes('{'), /^the file is no JSON/],
    ['no list', json({ jobs: {} }), /list/],
    ['nothing', json(null), /^the file: must be a list of jobs/],
    ['more than the list', json({ jobs: [JOB], version: 1 }), /^the file: version is not known$/],
    ['what is no job', json([null, 1]), /^job 1: must be an object\njob 2: must be an object$/],
    ['a job without a key', json([{ ...JOB, key: undefined }]), /^job 1: key must be a text$/],
    ['a key twice', json([JOB, JOB]), /^job 2: key a is there twice$/],
    ['a field that is not known', json([{ ...JOB, enable: true }]), /^job 1: enable is not known$/],
    ['a wrong schedule', json([{ ...JOB, cron_expression: '0 25 * * *' }]), /^job 1: cron_expression/],
  ])('is refused as a whole: %s', (_, file, says) => {
    expect(faultOf(file)).toMatch(says);
  });

  it('is refused when it is not in UTF-8, for what the service would store is another text', () => {
    const latin1 = Buffer.from(JSON.stringify([{ ...JOB, name: 'caf\u00e9' }]), 'latin1');
    const utf16 = Buffer.from(`\ufeff${JSON.stringify([JOB])}`, 'utf16le');
    expect([latin1, utf16].map(faultOf)).toEqual(Array(2).fill('the file is not in UTF-8'));
  });

  it.each([
    ['the name of a field', json([{ ...JOB, '\u001b[31mred\u0007': 1 }])],
    ['what is no JSON', bytes('[\u001b[31mred')],
  ])('shows nothing to a terminal that it would obey: %s', (_, file) => {
    const fault = faultOf(file);
    expect(fault).toContain('\\u001b[31mred');
    expect(fault).not.toMatch(/\p{Cc}/u);
  });
});
