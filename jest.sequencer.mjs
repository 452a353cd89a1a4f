import Sequencer from '@jest/test-sequencer';

/** Where tests take long, longest first. */
const FOLDERS = ['simulation', 'chaos', 'e2e', 'contract', 'service'];

/** Mostly wait, for servers that hang or for time that passes; longest first. */
const WAITING = [
  'chaos/chaos.server',
  'e2e/service-outages.server',
  'e2e/service-starts.server',
  'e2e/service-read-by-python.server',
  'adapters/kafka/network.server',
  'service/http-waits',
  'adapters/mongodb/read-store.server',
  'service/http-waits.server',
  'examples/reminder-sender/sender-kills.server',
  'adapters/mongodb/certification-registry.server',
  'service/http-credentials',
];

/**
 * Begins with the long tests: one that began last would leave a core idle to the end. By itself Jest goes by the size of
 * files until it has seen them run, which on a fresh clone it never has. Those that wait are spread among the others: two of
 * them at once would leave both cores idle.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = [...super.sort(tests)].sort((a, b) => rankOf(a.path) - rankOf(b.path));
    const waiting = WAITING.flatMap((name) =>
      sorted.filter(({ path }) => path.endsWith(`/test/${name}.test.ts`)),
    );
    const computing = sorted.filter((test) => !waiting.includes(test));
    if (waiting.length === 0) return computing;
    const apart = Math.ceil(computing.length / waiting.length);
    return waiting.flatMap((test, index) => [test, ...computing.slice(index * apart, (index + 1) * apart)]);
  }
}

function rankOf(path) {
  const index = FOLDERS.findIndex((folder) => path.includes(`/test/${folder}/`));
  return index < 0 ? FOLDERS.length : index;
}
