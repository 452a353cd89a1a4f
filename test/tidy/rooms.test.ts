import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { filesUnder, foldersIn, quoted, read, tableRows } from './source.js';

interface Room {
  rooms: string[];
}

const rooms = createRequire(import.meta.url)('../../rooms.cjs') as Record<string, Room>;
const names = Object.keys(rooms);

describe('the rooms of src/', () => {
  it('are its folders, beside main.ts', () => {
    expect(foldersIn('src')).toEqual([...names].sort());
    expect(filesUnder('src', '').filter((file) => file.split('/').length === 2)).toEqual(['src/main.ts']);
  });

  it('stand in the table of the architecture, in the same order', () => {
    const table = tableRows(read('docs/architecture.md'), 'room');
    expect(table.map(([room = '']) => room)).toEqual(names.map((name) => `\`${name}/\``));
  });

  it.each(Object.entries(rooms))('import only rooms above them: %s', (name, room) => {
    const above = names.slice(0, names.indexOf(name));
    expect(room.rooms.filter((other) => !above.includes(other))).toEqual([]);
  });
});

describe('the folders of test/', () => {
  it('stand in the table of CONTRIBUTING', () => {
    const table = tableRows(read('CONTRIBUTING.md'), 'what it is for');
    const listed = table
      .flatMap(([, folder = '']) => quoted(folder))
      .map((folder) => folder.slice('test/'.length));
    expect(listed.sort()).toEqual(foldersIn('test'));
  });

  it('mirror the rooms under test/unit, and beside them the dashboard', () => {
    const tested = [...names, 'dashboard'];
    expect(foldersIn('test/unit').filter((folder) => !tested.includes(folder))).toEqual([]);
    expect(filesUnder('test/unit', '').filter((file) => file.split('/').length === 3)).toEqual([]);
  });

  it('name the adapters under test/adapters', () => {
    const adapters = foldersIn('src/adapters');
    expect(foldersIn('test/adapters').filter((folder) => !adapters.includes(folder))).toEqual([]);
  });

  it('share no more than 16 files, each with at least two suites', () => {
    const shared = filesUnder('test/support', '');
    expect(shared.length).toBeLessThanOrEqual(16);
    const tests = [...filesUnder('test', '.ts'), ...filesUnder('bench', '.ts')];
    const configured = read('jest.config.mjs');
    const usersOf = (file: string): Set<string> => {
      const name = file.slice('test/support/'.length).replace(/\.ts$/, '.js');
      const users = tests.filter((test) => read(test).includes(`support/${name}'`));
      return new Set(users.map((user) => user.split('/').slice(0, 2).join('/')));
    };
    const lonely = shared.filter((file) => usersOf(file).size < 2 && !configured.includes(file));
    expect(lonely).toEqual([]);
  });
});
