// Every suite runs on Jest with the SWC transform; types are checked by `tsc` in `make check`.
const shared = {
  testEnvironment: "node",
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2024", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  modulePathIgnorePatterns: ["<rootDir>/build/"],
};

module.exports = {
  reporters: ["default", "<rootDir>/tests/summary.cjs"],
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "\\.e2e\\.test\\.ts$"],
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["**/*.e2e.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/tests/servers/"],
      globalSetup: "<rootDir>/tests/start-figures.ts",
      globalTeardown: "<rootDir>/tests/print-figures.ts",
    },
    {
      ...shared,
      displayName: "servers",
      testMatch: ["<rootDir>/tests/servers/**/*.e2e.test.ts"],
      globalSetup: "<rootDir>/tests/servers/start-figures.ts",
      globalTeardown: "<rootDir>/tests/servers/print-figures.ts",
    },
  ],
};
