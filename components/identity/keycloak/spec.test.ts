import { describe, expect, it } from "@jest/globals";
import { keycloakArguments, secretConfiguration } from "./arguments.ts";
import { keycloakWorkload, realmUpkeep } from "./spec.ts";

const peer = { name: "keycloak", namespace: "chat", podLabels: { app: "keycloak" } };
const sizing = { replicas: 1, cpus: 0.5, memoryMiB: 1024, connections: { min: 2, max: 10 } };
const words = (replicas: number) =>
  keycloakArguments({
    url: "https://id.example.org",
    administrationUrl: "https://localhost:8443",
    database: { host: "pg-rw.chat.svc", port: 5432, database: "keycloak", user: "keycloak" },
    sizing: { ...sizing, replicas },
    directoryAuthority: false,
  });

describe("Keycloak's arguments", () => {
  it("verify the database by name, and take no plain request", () => {
    expect(words(1)).toContainEqual(expect.stringContaining("sslmode=verify-full&sslrootcert=/authority/ca.crt"));
    expect(words(1)).toContain("--http-enabled=false");
  });

  it("make a cluster of several, over TLS, and none of one", () => {
    expect(words(1)).toContain("--cache=local");
    expect(words(2)).toEqual(expect.arrayContaining(["--cache-stack=jdbc-ping", "--cache-embedded-mtls-enabled=true"]));
  });

  it("hold no secret: these are in a file", () => {
    expect(words(2).join(" ")).not.toMatch(/password|secret=/);
    expect(secretConfiguration({ database: "d", bootstrap: "b" })).toContain("db-password=d\n");
  });
});

describe("Keycloak's pods", () => {
  const pods = (replicas: number) =>
    keycloakWorkload({
      peer,
      image: "keycloak@sha256:0",
      sizing: { ...sizing, replicas },
      arguments: words(replicas),
      authority: "roost-ca",
      spread: "preferred",
    });

  it("listen for each other only where there are several", () => {
    expect(Object.keys(pods(1).containers[0]?.ports ?? {})).toEqual(["https", "metrics"]);
    expect(Object.keys(pods(2).containers[0]?.ports ?? {})).toContain("cluster");
  });

  it("have time to pass on what they were asked", () => {
    const seconds = words(1).flatMap((word) => /^--shutdown-(?:delay|timeout)=(\d+)s$/.exec(word)?.[1] ?? []);
    expect(seconds).toHaveLength(2);
    expect(pods(1).terminationGraceSeconds).toBeGreaterThan(seconds.reduce((sum, each) => sum + Number(each), 0));
  });

  it("are looked after every five minutes", () => {
    const upkeep = realmUpkeep({ peer, image: "node@sha256:0", authority: "roost-ca" });
    expect(upkeep).toMatchObject({ kind: "CronJob", schedule: "*/5 * * * *" });
  });
});
