import { clusterRule } from "./clusters.ts";

export const passwordEncryption = clusterRule({
  id: "postgres-password-encryption",
  title: "PostgreSQL stores passwords as SCRAM hashes",
  why: "An MD5 hash is guessed at billions a second, and whoever has it can sign in with it as it is. A SCRAM hash is slow to guess, and useless for signing in.",
  fix: "Set the parameter `password_encryption` to `scram-sha-256`, or leave it out; then set the passwords anew.",
  severity: "high",
  controls: { iso: ["A.5.17", "A.8.24"], gbt: ["8.1.4.8 b)"] },
  check({ postgresql: { parameters = {} } = {} }, report) {
    // What PostgreSQL takes since version 14 where nothing is said.
    const { password_encryption: encryption = "scram-sha-256" } = parameters;
    if (encryption !== "scram-sha-256") report(`password_encryption is "${encryption}"`);
  },
});
