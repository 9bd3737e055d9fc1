// Every suite runs on Jest with the SWC transform; types are checked by `tsc` in `make check`.
const swc = [
  "@swc/jest",
  { jsc: { target: "es2024", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
];
const shared = {
  testEnvironment: "node",
  // Kafka's client is published as ES modules alone.
  transform: { "\\.ts$": swc, "/node_modules/@platformatic/.+\\.js$": swc },
  transformIgnorePatterns: ["/node_modules/(?!@platformatic/)"],
  modulePathIgnorePatterns: ["<rootDir>/build/"],
};

/** Folders whose end-to-end tests need the cluster, and the one of servers. */
const CLUSTER = ["tests/cluster", "bootstrap/cluster", "images"];
const SERVERS = "tests/servers";
const globalTeardown = "<rootDir>/tests/print-figures.ts";

module.exports = {
  // What a suite has loaded stays in its process, and Pulumi's providers are large: processes begin anew.
  workerIdleMemoryLimit: "2GB",
  reporters: ["default", "<rootDir>/tests/summary.cjs"],
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "\\.(e2e|drill)\\.test\\.ts$"],
    },
    {
      // What needs the embedded cluster, of which a machine has one.
      ...shared,
      displayName: "cluster",
      testMatch: CLUSTER.map((folder) => `<rootDir>/${folder}/**/*.e2e.test.ts`),
      globalTeardown,
    },
    {
      // Real programs that need no cluster: the engine, and parts of the environment as processes of this machine.
      ...shared,
      displayName: "parts",
      testMatch: ["**/*.e2e.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", ...[...CLUSTER, SERVERS].map((folder) => `<rootDir>/${folder}/`)],
      globalTeardown,
    },
    {
      ...shared,
      displayName: "servers",
      testMatch: [`<rootDir>/${SERVERS}/**/*.e2e.test.ts`],
      globalTeardown,
    },
    {
      // The long runs, for `make drill`.
      ...shared,
      displayName: "drill",
      testMatch: ["**/*.drill.test.ts"],
      globalTeardown,
    },
  ],
};
