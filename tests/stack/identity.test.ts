/** The whole stack with people of a directory: what is wired, what is told to whom, what is secret. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { parse } from "yaml";
import { shippedConfiguration } from "../policies/configuration.ts";
import { brokenPolicies } from "./broken-policies.ts";
import { nameOf, objectsOf, policiesOf, workloadsOf } from "./objects.ts";
import { embedded, everythingOutside, prodExample } from "./single-sign-on.ts";
import type { Stack } from "./stack.ts";
import { runStack, SECRET_MARK } from "./stack.ts";
import { itIsWired } from "./wiring.ts";

jest.setTimeout(120_000);

/** Rules that are about the namespace's pods and not the cluster's own. */
function firewallOf(stack: Stack): string[] {
  return policiesOf(stack.registered)
    .filter(({ metadata }) => metadata.namespace === "roost")
    .map(({ metadata }) => metadata.name);
}

function configurationOf(stack: Stack): Record<string, unknown> {
  const [found] = objectsOf(stack.registered).filter((each) => nameOf(each) === "ConfigMap roost/synapse-config");
  return parse(JSON.parse(JSON.stringify(found)).data["homeserver.yaml"]);
}

const variants: readonly [what: string, name: "dev" | "prod", run: () => Promise<Stack>][] = [
  ["a directory and a Keycloak of its own", "dev", () => runStack("dev", { identity: embedded })],
  ["the same, of each two", "dev", () => runStack("dev", { identity: embedded, availability: "ha" })],
  [
    "Active Directory and Keycloak, as the example of prod shows",
    "prod",
    () => runStack("prod", { identity: prodExample() }, ["identity"]),
  ],
  [
    "a directory and a provider of the organisation",
    "dev",
    () => runStack("dev", { identity: everythingOutside }, ["identity"]),
  ],
];

describe.each(variants)("a stack with %s", (_, name, run) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await run();
  });

  itIsWired(() => stack);

  it("meets the policies", () => {
    expect(brokenPolicies(stack, shippedConfiguration(name))).toEqual([]);
  });

  it("has people sign in at the provider, and lets the synchronisation see directory and homeserver", () => {
    expect(configurationOf(stack)).toMatchObject({ oidc_providers: [{ idp_id: "company" }] });
    expect(firewallOf(stack)).toEqual(
      expect.arrayContaining(["directory-sync-to-synapse-8443", "synapse-from-directory-sync-8443"]),
    );
  });

  it("keeps the passwords of the settings in Secrets alone", () => {
    const holding = objectsOf(stack.registered).filter((each) => JSON.stringify(each).includes(SECRET_MARK));
    expect(holding.filter(({ kind }) => kind !== "Secret").map(nameOf)).toEqual([]);
  });
});

describe("a stack with Keycloak", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await runStack("dev", { identity: embedded });
  });

  it("has it reached by the edge, Synapse and its own Job, and by nobody else", () => {
    const clients = firewallOf(stack).flatMap((name) => /^keycloak-from-(.*)-8443$/.exec(name)?.[1] ?? []);
    expect(clients.sort()).toEqual(["edge", "keycloak-realm", "keycloak-realm-upkeep", "synapse"]);
  });

  it("asks it inside the cluster, and sends browsers to its public address", () => {
    const [provider] = [configurationOf(stack).oidc_providers].flat();
    expect(provider).toMatchObject({
      issuer: expect.stringMatching(/^https:\/\/id\.roost\.test\/realms\//),
      authorization_endpoint: expect.stringMatching(/^https:\/\/id\.roost\.test\//),
      token_endpoint: expect.stringMatching(/^https:\/\/keycloak\.roost\.svc:8443\//),
    });
  });

  it("gives both administrators for emergencies as secrets", () => {
    expect(stack.secretOutputs.toSorted()).toEqual(["administrator", "identityAdministrator"]);
  });

  it("has as many connections of PostgreSQL as its programs may open", () => {
    const cluster = JSON.stringify(objectsOf(stack.registered).find(({ kind }) => kind === "Cluster"));
    expect(Number(/"max_connections":"(\d+)"/.exec(cluster)?.[1])).toBeGreaterThanOrEqual(80);
  });
});

describe("a stack with the organisation's own provider", () => {
  it("runs neither Keycloak nor directory, and lets Synapse out to the provider alone", async () => {
    const stack = await runStack("dev", { identity: everythingOutside }, ["identity"]);
    const names = workloadsOf(stack.registered).map(nameOf);
    expect(names.filter((name) => /keycloak|openldap/.test(name))).toEqual([]);
    expect(firewallOf(stack)).toContain("synapse-to-identity-provider-443");
    expect(configurationOf(stack)).toMatchObject({ oidc_providers: [{ discover: true }] });
  });
});

describe("a stack with accounts of the homeserver's own", () => {
  it("has nothing of all this", async () => {
    const [dev, local] = [await runStack("dev"), await runStack("dev", { identity: { kind: "local" } })];
    const shown = ({ registered }: Stack) =>
      // Where the kubeconfig lies differs from run to run.
      registered
        .filter(({ type }) => !type.startsWith("pulumi:"))
        .map(({ type, name, inputs }) => ({ type, name, inputs }));
    expect(shown(local)).toEqual(shown(dev));
    const text = JSON.stringify(shown(dev));
    expect(/keycloak|openldap|directory-sync|oidc|roost_rights/.test(text)).toBe(false);
  });
});

it("names in the example of prod no password", () => {
  expect(readFileSync("Pulumi.prod.yaml", "utf8")).not.toMatch(/bindPassword:/);
});
