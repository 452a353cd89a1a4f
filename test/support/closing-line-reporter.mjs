import { adapterLines } from '../servers/adapter-lines.mjs';
import { isForgivenSkip } from '../servers/forgiven-skip.mjs';

/**
 * Ends a run with one plain line that scripts can read; a skip is loud. Before it, when tests used servers: which
 * adapter was tested against what.
 */
export default class ClosingLineReporter {
  constructor(globalConfig) {
    this.watching = globalConfig.watch || globalConfig.watchAll;
  }

  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests;
    // A test file that could not even be loaded has run no test, but it is a failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const lines = [
      ...adapterLines(results.testResults, process.env),
      ...(skipped > 0 ? [`${skipped} skipped`] : []),
      `${results.numPassedTests} passed, ${failed} failed`,
    ];
    const print = () => process.stdout.write(`\n${lines.join('\n')}\n`);
    // Jest prints its own summary after all reporters.
    if (this.watching) print();
    else process.once('exit', print);
    const forgiven = countForgiven(results.testResults);
    if (skipped > forgiven && process.env.CI)
      this.error = new Error(`${skipped - forgiven} tests were skipped, which CI does not allow`);
  }

  getLastError() {
    return this.error;
  }
}

function countForgiven(files) {
  return files.flatMap((file) => file.testResults).filter((test) => isForgivenSkip(test, process.env)).length;
}
