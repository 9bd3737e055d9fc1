/** A Jest reporter that writes how many tests a run had, for the one line that `make test` (`tests/run.ts`) ends with. */
const { appendFileSync } = require("node:fs");

module.exports = class Summary {
  /** Says how an end-to-end test went as soon as it has: all of them take long, and their log is read while they run. */
  onTestCaseResult(test, { status, duration, fullName }) {
    if (test.context.config.displayName?.name === "unit") return;
    process.stderr.write(`${status} after ${((duration ?? 0) / 1000).toFixed(1)} s: ${fullName}\n`);
  }

  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, testResults }) {
    const file = process.env.ROOST_TEST_COUNTS;
    if (file === undefined) return;
    // A suite that could not even start has no tests that could fail.
    const broken = testResults.filter(({ testExecError }) => testExecError).length;
    const counts = { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests };
    appendFileSync(file, `${JSON.stringify(counts)}\n`);
  }
};
