/** What CloudNativePG's release manifest declares, and where the copy of it lies that the stack deploys. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { types } from "@pulumi/kubernetes";
import { z } from "zod";
import { cacheFolder } from "../../bootstrap/artifact.ts";

export type CustomResourceDefinition = types.input.apiextensions.v1.CustomResourceDefinition;

/** The parts of the manifest that are data: everything else is written by this component itself. */
export interface OperatorManifest {
  readonly definitions: readonly CustomResourceDefinition[];
  /** What the operator may do in the cluster. */
  readonly rules: readonly OperatorRule[];
  /** Queries behind the metrics of every instance. */
  readonly monitoringQueries: string;
  readonly mutatingWebhooks: readonly OperatorWebhook[];
  readonly validatingWebhooks: readonly OperatorWebhook[];
}

/** The release, and the checksum of its manifest `releases/cnpg-<version>.yaml`. */
export const operatorRelease = {
  version: "1.28.0",
  sha256: "b7f53dd5353ef2e0d8c67006645ab632d68f961053c220449337c8ea5751735e",
} as const;

/** The artifact in the cache that holds the manifest as JSON; the last number counts changes of that form. */
export const manifestArtifact = { name: "cnpg-manifest", version: `${operatorRelease.version}-1` } as const;

export const manifestFile = "documents.json";

const named = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) });
const strings = z.array(z.string());

const definition = named.extend({
  apiVersion: z.literal("apiextensions.k8s.io/v1"),
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ kind: z.string() }),
    versions: z.array(z.unknown()),
  }),
});

// Strict, so that nothing that another release adds is lost without notice.
const rule = z.strictObject({ apiGroups: strings, resources: strings, verbs: strings });
const webhook = z.strictObject({
  name: z.string(),
  admissionReviewVersions: strings,
  clientConfig: z.object({ service: z.object({ path: z.string() }) }),
  failurePolicy: z.string(),
  rules: z.array(z.strictObject({ apiGroups: strings, apiVersions: strings, operations: strings, resources: strings })),
  sideEffects: z.string(),
});

export type OperatorRule = z.output<typeof rule>;
export type OperatorWebhook = z.output<typeof webhook>;

const shapes = {
  // Of a definition only what this component relies on is looked at; the API server checks the rest.
  CustomResourceDefinition: z.custom<CustomResourceDefinition>((value) => definition.safeParse(value).success),
  ClusterRole: named.extend({ rules: z.array(rule) }),
  ConfigMap: named.extend({ data: z.object({ queries: z.string() }) }),
  MutatingWebhookConfiguration: named.extend({ webhooks: z.array(webhook) }),
  ValidatingWebhookConfiguration: named.extend({ webhooks: z.array(webhook) }),
};

/**
 * Picks from the manifest's documents what this component deploys. The roles for people who edit or view databases are
 * left out, since nobody in the environment is bound to them.
 *
 * @throws Error when a document is missing or has another shape, as in a manifest of another release
 */
export function operatorManifest(documents: readonly unknown[]): OperatorManifest {
  const found = documents.map((document) => ({ document, ...named.parse(document) }));
  const only = <Shape extends z.ZodType>(kind: string, name: string, shape: Shape): z.output<Shape> => {
    const match = found.find((each) => each.kind === kind && each.metadata.name === name);
    if (match === undefined) throw new Error(`${manifestName()} has no ${kind} named ${name}`);
    return shape.parse(match.document);
  };
  const definitions = found
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .map(({ document }) => shapes.CustomResourceDefinition.parse(document));
  if (definitions.length === 0) throw new Error(`${manifestName()} has no CustomResourceDefinition`);
  return {
    definitions,
    rules: only("ClusterRole", "cnpg-manager", shapes.ClusterRole).rules,
    monitoringQueries: only("ConfigMap", "cnpg-default-monitoring", shapes.ConfigMap).data.queries,
    mutatingWebhooks: only(
      "MutatingWebhookConfiguration",
      "cnpg-mutating-webhook-configuration",
      shapes.MutatingWebhookConfiguration,
    ).webhooks,
    validatingWebhooks: only(
      "ValidatingWebhookConfiguration",
      "cnpg-validating-webhook-configuration",
      shapes.ValidatingWebhookConfiguration,
    ).webhooks,
  };
}

/**
 * The manifest from the cache.
 *
 * @throws Error with the command that fetches it, when it is not there
 */
export function readOperatorManifest(): OperatorManifest {
  const file = join(cacheFolder, `${manifestArtifact.name}-${manifestArtifact.version}`, manifestFile);
  if (!existsSync(file)) {
    throw new Error(
      `${manifestName()} is not in the cache (${file}). Run \`bootstrap/run node components/postgres/fetch-manifest.ts\`, which \`make up\` does too.`,
    );
  }
  const documents: unknown = JSON.parse(readFileSync(file, "utf8"));
  return operatorManifest(z.array(z.unknown()).parse(documents));
}

function manifestName(): string {
  return `The manifest of CloudNativePG ${operatorRelease.version}`;
}

/**
 * Drops the descriptions from the schemas of a definition. They are three quarters of its size, and the engine writes
 * its state anew at each step; what the API server accepts stays the same.
 */
export function withoutDescriptions(document: unknown): unknown {
  if (Array.isArray(document)) return document.map(withoutDescriptions);
  if (typeof document !== "object" || document === null) return document;
  // A property that is itself called `description` has a schema, no text, for its value.
  const kept = Object.entries(document).filter(([key, value]) => key !== "description" || typeof value !== "string");
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutDescriptions(value)]));
}
