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

/** Folders whose end-to-end tests need the cluster, and the one of virtual machines. */
const CLUSTER = ["tests/cluster", "bootstrap/cluster", "images"];
const SERVERS = "tests/servers";
/** Starts a Keycloak twice, which takes minutes: a part of `make drill`. */
const KEYCLOAK = "components/identity/keycloak";

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
      // What needs the embedded cluster, of which a machine has one.
      ...shared,
      displayName: "cluster",
      testMatch: ["**/*.e2e.test.ts"].flatMap((name) => CLUSTER.map((folder) => `<rootDir>/${folder}/${name}`)),
      globalSetup: "<rootDir>/tests/start-figures.ts",
      globalTeardown: "<rootDir>/tests/print-figures.ts",
    },
    {
      // Real programs that need no cluster: the engine, and parts of the environment as processes of this machine.
      ...shared,
      displayName: "parts",
      testMatch: ["**/*.e2e.test.ts"],
      testPathIgnorePatterns: [
        "/node_modules/",
        ...[...CLUSTER, SERVERS, KEYCLOAK].map((folder) => `<rootDir>/${folder}/`),
      ],
      globalSetup: "<rootDir>/tests/start-figures.ts",
      globalTeardown: "<rootDir>/tests/print-figures.ts",
    },
    {
      ...shared,
      displayName: "servers",
      testMatch: [`<rootDir>/${SERVERS}/**/*.e2e.test.ts`],
      globalSetup: "<rootDir>/tests/servers/start-figures.ts",
      globalTeardown: "<rootDir>/tests/servers/print-figures.ts",
    },
    {
      ...shared,
      displayName: "keycloak",
      testMatch: [`<rootDir>/${KEYCLOAK}/**/*.e2e.test.ts`],
    },
  ],
};
