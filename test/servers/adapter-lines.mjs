import { basename, sep } from 'node:path';

// By the word in the name of a test file, event-log-mongodb.server.test.ts, or its folder, adapters/mongodb/.
const ADAPTERS = [
  { word: 'sqlite', title: 'SQLite', without: 'embedded' },
  { word: 'mongodb', title: 'MongoDB', without: 'without a server', servers: ['MONGODB'] },
  { word: 'kafka', title: 'Kafka', without: 'without a server', servers: ['KAFKA'] },
  {
    word: 'eventstoredb',
    title: 'EventStoreDB',
    without: 'its protocol, served by the tests',
    servers: ['EVENTSTORE'],
  },
  { word: 'service', title: 'the service', without: 'embedded', servers: ['KAFKA', 'MONGODB'] },
];

/** Which adapter was tested against what, and what was skipped and why; nothing for a run without server tests. */
export function adapterLines(files, env) {
  if (!files.some(({ testFilePath }) => needsServer(testFilePath))) return [];
  const rows = ADAPTERS.flatMap((adapter) => {
    const own = files.filter(({ testFilePath }) => isAbout(testFilePath, adapter.word));
    return [
      row(
        adapter.title,
        adapter.without,
        own.filter(({ testFilePath }) => !needsServer(testFilePath)),
      ),
      row(
        adapter.title,
        serverOf(adapter, env),
        own.filter(({ testFilePath }) => needsServer(testFilePath)),
      ),
    ].flat();
  });
  return ['Adapters and what they were tested against:', ...aligned(rows), ''];
}

const needsServer = (path) => path.endsWith('.server.test.ts');
const isAbout = (path, word) =>
  basename(path).split(/[-.]/).includes(word) || path.includes(`${sep}adapters${sep}${word}${sep}`);
const serverOf = ({ servers = [] }, env) =>
  servers.map((server) => env[`TEST_${server}_VIA`] ?? 'NO SERVER').join(' and ');

function row(title, against, files) {
  if (files.length === 0) return [];
  const tests = files.flatMap((file) => file.testResults);
  const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;
  const unloadable = files.filter((file) => file.testExecError).length;
  const skipped = count('pending', 'todo', 'skipped', 'disabled');
  const said = [`${count('passed')} passed`, `${count('failed') + unloadable} failed`];
  if (skipped > 0) said.push(`${skipped} SKIPPED${reasons(tests)}`);
  return [[title, against, said.join(', ')]];
}

function reasons(tests) {
  const found = tests
    .filter(({ status }) => status === 'pending')
    .flatMap(({ ancestorTitles }) => ancestorTitles)
    .map((title) => /\(SKIPPED: (.*)\)$/.exec(title)?.[1])
    .filter((reason) => reason !== undefined);
  return found.length > 0 ? `: ${[...new Set(found)].join('; ')}` : '';
}

function aligned(rows) {
  const width = (column) => Math.max(...rows.map((cells) => cells[column].length));
  return rows.map(
    ([title, against, said]) => `  ${title.padEnd(width(0))}  ${against.padEnd(width(1))}  ${said}`,
  );
}
