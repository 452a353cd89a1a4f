import Sequencer from '@jest/test-sequencer';

/** Where tests take long, longest first. */
const FOLDERS = ['simulation', 'chaos', 'e2e', 'contract', 'service'];

/**
 * Begins with the long tests: one that began last would leave a core idle to the end. By itself Jest goes by the size of
 * files until it has seen them run, which on a fresh clone it never has.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rankOf(a.path) - rankOf(b.path));
  }
}

function rankOf(path) {
  const index = FOLDERS.findIndex((folder) => path.includes(`/test/${folder}/`));
  return index < 0 ? FOLDERS.length : index;
}
