/** For tests: previews made up by hand, told as the engine tells them, and what the report finds in them. */

import { parseEvents } from "./events.ts";
import type { Category } from "./findings/index.ts";
import { findingsOf, situationOf } from "./findings/index.ts";
import { type Preview, previewOf } from "./preview.ts";

type Properties = Readonly<Record<string, unknown>>;

/** What the engine says of a resource beside its inputs. */
export interface Details {
  /** @default the stack itself */
  readonly parent?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly hideDiffs?: readonly (readonly (string | number)[])[];
  readonly outputs?: Properties;
  /** Of a replacement: the inputs that make it necessary. */
  readonly keys?: readonly string[];
  /** By path: `{ "spec.replicas": { diffKind: "update", inputDiff: true } }`. */
  readonly detailedDiff?: Readonly<Record<string, { readonly diffKind: string; readonly inputDiff: boolean }>>;
  readonly diffs?: readonly string[];
  /** The same, of the old state. @default as the new one */
  readonly old?: Pick<Details, "protect" | "retainOnDelete" | "outputs">;
}

/** One line of the event stream. */
export type Event = Properties;

const STACK = "urn:pulumi:dev::roost::pulumi:pulumi:Stack::roost-dev";

/** @param type with its token, or without `kubernetes:` */
export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::roost::${tokenOf(type)}::${name}`;
}

function tokenOf(type: string): string {
  return type.split(":").length === 2 ? `kubernetes:${type}` : type;
}

export function create(type: string, name: string, inputs: Properties = {}, details: Details = {}): Event {
  return step("create", type, name, { after: inputs, details });
}

export function remove(type: string, name: string, inputs: Properties = {}, details: Details = {}): Event {
  return step("delete", type, name, { before: inputs, details });
}

export function keep(type: string, name: string, inputs: Properties = {}, details: Details = {}): Event {
  return step("same", type, name, { before: inputs, after: inputs, details });
}

export function update(
  type: string,
  name: string,
  before: Properties,
  after: Properties,
  details: Details = {},
): Event {
  return step("update", type, name, { before, after, details });
}

export function replace(
  type: string,
  name: string,
  before: Properties,
  after: Properties,
  details: Details = {},
): Event {
  return step("replace", type, name, { before, after, details });
}

interface States {
  readonly before?: Properties;
  readonly after?: Properties;
  readonly details: Details;
}

/** Any operation of the engine's. */
export function step(op: string, type: string, name: string, { before, after, details }: States): Event {
  const { keys, diffs, detailedDiff, old, ...shared } = details;
  const state = (inputs: Properties | undefined, more: Details) =>
    inputs === undefined
      ? null
      : { custom: true, parent: STACK, inputs: named(type, name, inputs), outputs: {}, ...shared, ...more };
  const metadata = { op, urn: urnOf(type, name), type: tokenOf(type), keys, diffs, detailedDiff };
  return { resourcePreEvent: { metadata: { ...metadata, old: state(before, old ?? {}), new: state(after, {}) } } };
}

/** Kubernetes objects are called as their resources are, and lie in the namespace `chat`. */
function named(type: string, name: string, inputs: Properties): Properties {
  if (!tokenOf(type).startsWith("kubernetes:")) return inputs;
  const given = typeof inputs.metadata === "object" ? inputs.metadata : {};
  return { ...inputs, metadata: { name, namespace: "chat", ...given } };
}

export function component(name: string, parent = STACK): Event {
  const state = { custom: false, parent, inputs: {}, outputs: {} };
  const metadata = { op: "same", urn: urnOf("roost:parts:Part", name), type: "roost:parts:Part" };
  return { resourcePreEvent: { metadata: { ...metadata, old: state, new: state } } };
}

export function message(severity: string, text: string, urn = ""): Event {
  return { diagnosticEvent: { urn, prefix: "", message: text, severity } };
}

export function violation(given: {
  readonly urn?: string;
  readonly policy?: string;
  readonly message: string;
  readonly level?: string;
  readonly severity?: string;
}): Event {
  const { urn = "", policy = "workloads-no-privileged", level = "mandatory", severity = "" } = given;
  return {
    policyEvent: {
      resourceUrn: urn,
      message: given.message,
      policyName: policy,
      policyPackName: "roost",
      policyPackVersion: "v1.0.0",
      enforcementLevel: level,
      severity,
    },
  };
}

export const summary: Event = { summaryEvent: { resourceChanges: {}, PolicyPacks: {} } };

/** The stream of a preview that came to its end, over a stack that has been deployed before. */
export function stream(...events: readonly Event[]): string {
  return lines(keep("pulumi:pulumi:Stack", "roost-dev"), namespace, ...events, summary);
}

const namespace = keep("core/v1:Namespace", "chat", { metadata: { namespace: undefined } });

/** Exactly these events. */
export function lines(...events: readonly Event[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

export function preview(...events: readonly Event[]): Preview {
  return previewOf(parseEvents(stream(...events)));
}

/** Findings of a category, as `danger pg is deleted`. */
export function found(category: Category, ...events: readonly Event[]): string[] {
  return findingsOf(situationOf(preview(...events)))
    .filter((finding) => finding.category === category)
    .map(({ level, resource, text }) => `${level} ${resource?.name ?? "the stack"} ${text.markdown}`);
}

interface Pods {
  readonly replicas?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** Fields of the pod. */
  readonly pod?: Properties;
  /** Fields of its one container, called as its image is. */
  readonly container?: Properties;
  /** Fields of the workload. */
  readonly spec?: Properties;
}

/** Inputs of a Deployment or StatefulSet whose pods have the label `app: <name>` and keep to every restriction. */
export function workload(name: string, { replicas = 1, labels, pod, container, spec }: Pods = {}): Properties {
  const matchLabels = labels ?? { app: name };
  const restricted = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };
  return {
    spec: {
      replicas,
      selector: { matchLabels },
      template: {
        metadata: { labels: matchLabels },
        spec: { containers: [{ name, image: `${name}:1`, securityContext: restricted, ...container }], ...pod },
      },
      ...spec,
    },
  };
}
