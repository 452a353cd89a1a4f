import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { chromium, type Browser } from 'playwright-core';

/** Where Debian puts it; CHROMIUM names another one. */
const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/**
 * describe, where Chromium is installed; elsewhere it is skipped, and its name says why.
 * @param tests gets the running browser from its own tests on; it finds no host but this machine
 */
export function describeWithChromium(name: string, tests: (browser: () => Browser) => void): void {
  if (spawnSync(PROGRAM, ['--version']).status !== 0) {
    describe.skip(`${name} (SKIPPED: ${PROGRAM} is not installed)`, () => tests(notThere));
    return;
  }
  describe(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: PROGRAM,
        // Its sandbox is not for root, as whom continuous integration runs.
        chromiumSandbox: process.getuid?.() !== 0,
        args: ['--disable-gpu', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
      });
    });
    afterAll(() => browser.close());
    tests(() => browser);
  });
}

function notThere(): never {
  throw new Error('there is no browser');
}
