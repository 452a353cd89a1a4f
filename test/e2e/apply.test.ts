import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runToEnd, type Ended } from './run-to-end.js';
import { startService, type ServiceProcess } from './service-process.js';

const CLI = 'dist/cli/cli.js';
const JOB = { key: 'team-a:nightly', name: 'nightly', cron_expression: '0 2 * * *', labels: ['team-a'] };

let service: ServiceProcess;
let apiKey: string;

beforeAll(async () => {
  const folder = temporaryFolder();
  const { stdout } = runToEnd(CLI, {}, ['key', 'deploy', '--scopes', 'read,write']);
  apiKey = /^cck_\S+$/m.exec(stdout)?.[0] ?? '';
  const entry = /^\{\n[^]*^\}$/m.exec(stdout)?.[0] ?? '';
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, JSON.stringify({ keys: [JSON.parse(entry)] }));
  service = await startService({ DATA_DIR: folder, API_KEYS_FILE: keys });
});
afterAll(() => service.end('SIGTERM'));

function apply(jobs: unknown, options: readonly string[] = [], env: Record<string, string> = {}): Ended {
  const file = join(temporaryFolder(), 'jobs.json');
  writeFileSync(file, JSON.stringify(jobs));
  const credentials = { CERTIFICATION_CRON_API_KEY: apiKey };
  return runToEnd(CLI, { ...credentials, ...env }, ['apply', file, '--url', service.address, ...options]);
}

describe('apply as a process', () => {
  it('tells what it would do, does it once, and shows what differs', () => {
    const created = '+ team-a:nightly\n    name: "nightly"\n';
    expect(apply([JOB], ['--dry-run'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\+ team-a:nightly\n[^]*nothing was done; it would be: 1 created/),
    });
    expect(apply({ jobs: [JOB] }).stdout.startsWith(created)).toBe(true);
    expect(apply([JOB]).stdout).toBe('0 created, 0 updated, 0 deleted, 1 unchanged, 0 refused\n');
    expect(apply([{ ...JOB, timeout_seconds: 60 }]).stdout).toContain('timeout_seconds: 3600 -> 60');
  });

  it('ends with 1 when the service refuses a job, and applies the others', () => {
    const seconds = { ...JOB, key: 'seconds', cron_expression: '*/5 * * * * *' };
    expect(apply([seconds, { ...JOB, key: 'other' }])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('+ other\n'),
      stderr: expect.stringMatching(/^! seconds: invalid_request: cron_expression/),
    });
  });

  it.each<[string, unknown, string[], RegExp]>([
    ['a file that has a fault', [{ ...JOB, enable: true }], [], /job 1: enable is not known/],
    ['a job without the label', [JOB], ['--label', 'team-b'], /do not have it: team-a:nightly/],
    ['nothing to keep', [], ['--prune'], /would delete all of them/],
    ['a reason that is too long', [JOB], ['--reason', 'x'.repeat(1001)], /^--reason must have at most/],
    ['an address with a password', [JOB], ['--url', 'http://me:x@127.0.0.1'], /^--url must not hold/],
  ])('ends with 2 and does nothing: %s', (_, jobs, options, says) => {
    expect(apply(jobs, options)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(says),
    });
  });

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['a wrong credential', [], { CERTIFICATION_CRON_API_KEY: 'wrong' }, /^unauthorized: [^\n]*\n$/],
    ['a wrong path', ['--url', 'HERE/elsewhere', '--prune'], {}, /^path_not_found: [^\n]*\n$/],
  ])('ends with 2 where no other job would fare better, and counts them: %s', (_, options, env, says) => {
    const file = ['x', 'y', 'z'].map((key) => ({ ...JOB, key }));
    const given = options.map((one) => one.replace('HERE', service.address));
    expect(apply(file, ['--dry-run', ...given], env)).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/0 created, .* 0 refused, 3 not tried(, not all pruned)?\n$/),
      stderr: expect.stringMatching(says),
    });
  });

  it('ends with 78 and without a word of the credential when that is none', () => {
    const refused = apply([JOB], [], { CERTIFICATION_CRON_TOKEN: 'a secret' });
    expect(refused).toMatchObject({ status: 78, stdout: '' });
    expect(refused.stderr).toMatch(/^CERTIFICATION_CRON_TOKEN must be/);
    expect(refused.stderr).not.toContain('secret');
  });
});
