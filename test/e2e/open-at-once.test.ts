import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../support/temporary-folder.js';

const FILES = 30;
/** Until both processes have loaded what they need, and from file to file. */
const [FIRST_MS, NEXT_MS] = [2_000, 40];
const addressOf = (folder: string): string => pathToFileURL(join(process.cwd(), folder)).href;
const [DIST, SENDER] = [addressOf('dist/adapters'), addressOf('examples/reminder-sender/src')];

/** Opens one file after the other, each in the same millisecond as the other process does. */
const program = (opener: string): string => `
  const open = await (${opener})();
  const [folder, first] = process.argv.slice(1);
  const failures = [];
  for (let file = 0; file < ${FILES}; file++) {
    while (Date.now() < Number(first) + file * ${NEXT_MS});
    try {
      open(folder + '/' + file + '.db');
    } catch (error) {
      failures.push(String(error));
    }
  }
  process.stdout.write(JSON.stringify(failures));
  process.exit();`;

const OPENERS = {
  'the event log': `async () => {
    const { openSqliteEventLog } = await import('${DIST}/sqlite/event-log.js');
    const { systemClock: clock } = await import('${DIST}/system/clock.js');
    const { systemIds: ids } = await import('${DIST}/system/ids.js');
    return (path) => openSqliteEventLog({ clock, ids, path });
  }`,
  'the journal of a sender of reminders': `async () => (await import('${SENDER}/open-journal.js')).openJournal`,
};

// SQLite does not wait for the lock by which a file gets a write-ahead log.
describe.each(Object.entries(OPENERS))('%s', (_, opener) => {
  it('is opened by two processes at once where there is none yet', async () => {
    const words = [temporaryFolder(), String(Date.now() + FIRST_MS)];
    const args = ['--input-type=module', '--eval', program(opener), ...words];
    const said = await Promise.all([1, 2].map(() => promisify(execFile)(process.execPath, args)));
    expect(said.map(({ stdout }) => JSON.parse(stdout) as string[])).toEqual([[], []]);
  }, 60_000);
});
