/** For the tests of the audit: exported states made up by hand, and rules that say what they are told to. */
import { containerRule, kindRule, type Rule, stackRule } from "../../policies/pack/rule.ts";
import { auditOf, type Given } from "./audit.ts";
import type { Audit } from "./schema.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

export const stackUrn = "urn:pulumi:dev::roost::pulumi:pulumi:Stack::roost-dev";

export interface Entry {
  readonly type?: string;
  readonly name?: string;
  readonly inputs?: object;
  readonly outputs?: object;
  readonly delete?: boolean;
  readonly pendingReplacement?: boolean;
}

export function urnOf(name: string, type = "kubernetes:apps/v1:Deployment"): string {
  return `urn:pulumi:dev::roost::${type}::${name}`;
}

/** What `pulumi stack export` would write of these resources, in which `inputs` stand for outputs that are not given. */
export function exported(entries: readonly Entry[], deployment: object = {}): string {
  const stack = { urn: stackUrn, type: "pulumi:pulumi:Stack" };
  const resources = entries.map(({ type = "kubernetes:apps/v1:Deployment", name = "web", inputs = {}, ...others }) => ({
    urn: urnOf(name, type),
    custom: true,
    type,
    inputs,
    outputs: inputs,
    ...others,
  }));
  const manifest = { time: "2026-06-01T10:00:00.5+02:00", magic: "", version: "v3.228.0" };
  return JSON.stringify(
    { version: 3, deployment: { manifest, resources: [stack, ...resources], ...deployment } },
    null,
    4,
  );
}

/** A Deployment whose pods have these containers. */
export function workload(name: string, ...containers: readonly object[]): Entry {
  return { name, inputs: { metadata: { name }, spec: { template: { spec: { containers } } } } };
}

export function shownSecret(value: unknown): object {
  return { [SIGNATURE]: SECRET_SIGNATURE, plaintext: JSON.stringify(value) };
}

export const encryptedSecret = { [SIGNATURE]: SECRET_SIGNATURE, ciphertext: "v1:AAAA:BBBB" };

export const notLearnt = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const about = { why: "One. Two.", fix: "Set `privileged: false`.", severity: "high" } as const;

/** Broken by every container that is privileged. */
export const noPrivileged = containerRule({
  ...about,
  id: "workloads-no-privileged",
  title: "No container is privileged",
  severity: "critical",
  controls: { cis: ["5.2.2"], iso: ["A.8.2"] },
  check(container, report) {
    if (container.securityContext?.privileged) report("is privileged");
  },
});

/** Broken by a stack without a network policy. */
export const somePolicy = stackRule({
  ...about,
  id: "network-some-policy",
  title: "There is a NetworkPolicy",
  controls: { cis: ["5.3.2"], iso: ["A.8.2"] },
  appliesTo: (stack) => stack.length > 1,
  check(stack, report) {
    if (!stack.some(({ type }) => type.endsWith(":NetworkPolicy"))) report("has no NetworkPolicy");
  },
});

/** Asks of secrets, and is advisory. */
export const longPasswords = kindRule("Secret", {
  ...about,
  id: "secrets-long-passwords",
  title: "Passwords are long",
  severity: "low",
  enforcement: "advisory",
  controls: {},
  check({ props }, report) {
    if ((props.stringData?.password ?? "").length < 20) report("has a short password");
  },
});

export const someRules: readonly Rule[] = [noPrivileged, somePolicy, longPasswords];

export const privileged = { name: "main", securityContext: { privileged: true } };
export const plain = { name: "main" };
export const policy: Entry = { type: "kubernetes:networking.k8s.io/v1:NetworkPolicy", name: "deny" };

export function secretEntry(password: unknown, name = "login"): Entry {
  return { type: "kubernetes:core/v1:Secret", name, inputs: { metadata: { name }, stringData: { password } } };
}

/** The audit of a state, on the first of July of 2026. */
export function audited(text: string, { configuration, ...given }: AuditedOptions = {}): Audit {
  return auditOf({
    state: { file: "state.json", text },
    rules: someRules,
    version: "1.2.3",
    now: new Date("2026-07-01T12:00:00Z"),
    ...(configuration && { configuration: { file: "policies.json", text: JSON.stringify(configuration) } }),
    ...given,
  });
}

type AuditedOptions = Partial<Omit<Given, "configuration">> & { readonly configuration?: object };

export const waiver = {
  resource: "*::web",
  reason: "Tried out for a week",
  owner: "platform team",
  expires: "2026-07-01",
};
