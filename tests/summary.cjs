/** A Jest reporter that writes how many tests a run had and how long its files took, for what `make test` ends with. */
const { appendFileSync } = require("node:fs");
const { relative } = require("node:path");

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
    const files = testResults.map(({ testFilePath, perfStats: { start, end } }) => ({
      name: relative(process.cwd(), testFilePath),
      seconds: (end - start) / 1000,
    }));
    const named = (file, tests, wanted) =>
      tests
        .filter(({ status }) => status === wanted)
        .map(({ fullName }) => `${relative(process.cwd(), file)}: ${fullName}`);
    const failures = testResults.flatMap(({ testFilePath, testResults: tests, testExecError }) => [
      ...named(testFilePath, tests, "failed"),
      ...(testExecError ? [`${relative(process.cwd(), testFilePath)}: did not start`] : []),
    ]);
    const skips = testResults.flatMap(({ testFilePath, testResults: tests }) => named(testFilePath, tests, "pending"));
    const counts = {
      passed: numPassedTests,
      failed: numFailedTests + broken,
      skipped: numPendingTests,
      files,
      failures,
      skips,
    };
    appendFileSync(file, `${JSON.stringify(counts)}\n`);
  }
};
