/** The whole program under Pulumi's mocks: what it would register, with no engine and no cluster. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jest } from "@jest/globals";
import type { Output } from "@pulumi/pulumi";
import { parse } from "yaml";
import { imageNames, upstreamOnlyNames } from "../../images/catalogue.ts";
import { issueCertificate } from "../issue-certificate.ts";

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: unknown;
  readonly provider: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
}

export interface Stack {
  readonly registered: readonly Registered[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Names of the outputs that are secret. */
  readonly secretOutputs: readonly string[];
  /** Functions of providers that were called, which a preview without a cluster could not answer. */
  readonly calls: readonly string[];
}

/** A part of every value that only Secrets may hold. */
export const SECRET_MARK = "only-secrets-may-hold-this";

const project = process.cwd();

/** A certificate whose key kubeadm's hash can be computed from. */
const authorityPem = issueCertificate({ ca: true }).certificatePem;

/**
 * Runs `index.ts` with the settings of a stack, some of them replaced, or taken away with `undefined`.
 *
 * @param secretKeys top-level settings that hold a secret, as the engine says it
 */
export async function runStack(
  name: string,
  settings: Readonly<Record<string, unknown>> = {},
  secretKeys: readonly string[] = [],
): Promise<Stack> {
  const given: Record<string, unknown> = {
    ...parse(readFileSync(join(project, `Pulumi.${name}.yaml`), "utf8")).config,
  };
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined) delete given[`roost:${key}`];
    else given[`roost:${key}`] = value;
  }
  const folder = prepareFolder();
  process.chdir(folder);
  process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys.map((key) => `roost:${key}`));
  try {
    return await runProgram(name, given);
  } finally {
    process.chdir(project);
    delete process.env.PULUMI_CONFIG_SECRET_KEYS;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runProgram(name: string, given: Readonly<Record<string, unknown>>): Promise<Stack> {
  jest.resetModules();
  const pulumi = await import("@pulumi/pulumi");
  const { MockMonitor } = await import("@pulumi/pulumi/runtime/mocks.js");
  const registered: Registered[] = [];
  const calls: string[] = [];
  const options = new Map<string, Pick<Registered, "protect" | "retainOnDelete">>();
  const registerResource = MockMonitor.prototype.registerResource;
  // The mocks themselves are told neither.
  MockMonitor.prototype.registerResource = function (request, callback) {
    options.set(`${request.getType()} ${request.getName()}`, {
      protect: request.getProtect() === true,
      retainOnDelete: request.getRetainondelete() === true,
    });
    return registerResource.call(this, request, callback);
  };
  await pulumi.runtime.setMocks(
    {
      call: ({ token }) => {
        calls.push(token);
        return {};
      },
      newResource: ({ type, name: resource, inputs, provider = "" }) => {
        const asked = options.get(`${type} ${resource}`) ?? { protect: false, retainOnDelete: false };
        registered.push({ type, name: resource, inputs: bare(inputs), provider, ...asked });
        return { id: `${resource}-id`, state: { ...inputs, ...generated(type, resource) } };
      },
    },
    "roost",
    name,
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(given).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
    [],
  );
  const { default: outputs }: { default: Record<string, unknown> } = await import(join(project, "index.ts"));
  await pulumi.runtime.disconnect();
  const secretOutputs: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [output, value] of Object.entries(outputs)) {
    const resolved: Output<unknown> = pulumi.output(value);
    if (await pulumi.isSecret(resolved)) secretOutputs.push(output);
    values[output] = await new Promise((resolve) => resolved.apply(resolve));
  }
  return { registered, outputs: values, secretOutputs, calls };
}

/** What a provider would make up. */
function generated(type: string, name: string): Record<string, unknown> {
  const secret = `${SECRET_MARK}: ${type} ${name}`;
  switch (type) {
    case "tls:index/privateKey:PrivateKey":
      return {
        privateKeyPem: secret,
        privateKeyPemPkcs8: secret,
        privateKeyOpenssh: secret,
        publicKeyPem: `public key ${name}`,
      };
    case "tls:index/certRequest:CertRequest":
      return { certRequestPem: `request ${name}` };
    case "tls:index/selfSignedCert:SelfSignedCert":
      return { certPem: name.startsWith("servers-") ? authorityPem : `certificate ${name}` };
    case "tls:index/locallySignedCert:LocallySignedCert":
      return { certPem: `certificate ${name}` };
    case "random:index/randomPassword:RandomPassword":
    case "random:index/randomString:RandomString":
      return { result: secret, bcryptHash: secret };
    case "random:index/randomId:RandomId":
      return { b64Url: "5L6g3nShT-eMCtK--X86sw" };
    case "random:index/randomBytes:RandomBytes":
      return { base64: Buffer.from(secret.padEnd(96)).toString("base64"), hex: Buffer.from(secret).toString("hex") };
    default:
      return type.startsWith("kubernetes:") ? { status: {} } : {};
  }
}

const digest = `sha256:${"0".repeat(64)}`;
const images = [...imageNames, ...upstreamOnlyNames];

/** A project and a cache with what a build would have put there. */
function prepareFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "roost-stack-"));
  mkdirSync(join(folder, "images"));
  const entries = images.map((image) => [image, { reference: `registry.roost.test/${image}:17`, digest }]);
  for (const source of ["built", "upstream"]) {
    writeFileSync(
      join(folder, "images", `${source}.lock.json`),
      JSON.stringify({ images: Object.fromEntries(entries) }),
    );
  }
  const manifest = join(folder, "cache", "cnpg-manifest-1.28.0-1");
  mkdirSync(manifest, { recursive: true });
  writeFileSync(join(manifest, "documents.json"), JSON.stringify(operatorDocuments));
  process.env.ROOST_CACHE = join(folder, "cache");
  process.env.ROOST_DATA = join(folder, "data");
  return folder;
}

/** The shape of the operator's release manifest; what is in it is the release's affair. */
const operatorDocuments = [
  {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "clusters.postgresql.cnpg.io" },
    spec: {
      group: "postgresql.cnpg.io",
      names: { kind: "Cluster", plural: "clusters" },
      scope: "Namespaced",
      versions: [],
    },
  },
  {
    kind: "ClusterRole",
    metadata: { name: "cnpg-manager" },
    rules: [
      { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["pods", "pods/exec"], verbs: ["create", "get"] },
      { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
    ],
  },
  { kind: "ConfigMap", metadata: { name: "cnpg-default-monitoring" }, data: { queries: "" } },
  { kind: "MutatingWebhookConfiguration", metadata: { name: "cnpg-mutating-webhook-configuration" }, webhooks: [] },
  { kind: "ValidatingWebhookConfiguration", metadata: { name: "cnpg-validating-webhook-configuration" }, webhooks: [] },
];

/** Without the marks that Pulumi puts around secret values. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  if ("4dabf18193072939515e22adb298388d" in value && "value" in value) return bare(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, bare(each)]));
}
