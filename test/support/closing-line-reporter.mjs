/** Ends a run with one plain line that scripts can read; a skip is loud. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests;
    // A test file that could not even be loaded has run no test, but it is a failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    process.stdout.write(
      `\n${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
    );
    if (skipped > 0 && process.env.CI)
      this.error = new Error(`${skipped} tests were skipped, which CI does not allow`);
  }

  getLastError() {
    return this.error;
  }
}
