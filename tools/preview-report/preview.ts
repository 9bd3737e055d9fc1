/** What a preview says, read from the engine's events: resources before and after, policies, messages. */
import type { EngineEvent, StepMetadata, StepState } from "./events.ts";
import { Masker } from "./masking/masker.ts";
import type { Tree } from "./value.ts";

export interface Preview {
  readonly project: string;
  readonly stack: string;
  /** All resources of the stack, unchanged ones too. */
  readonly resources: readonly Resource[];
  /** Whether there was nothing before. */
  readonly isFirst: boolean;
  /** Whether the engine came to the end of the program: nothing failed, and the stream is whole. */
  readonly isFinished: boolean;
  readonly messages: readonly Message[];
  readonly violations: readonly Violation[];
  readonly remediations: readonly Remediation[];
  /** Policy packs that judged it, with their versions. */
  readonly policyPacks: readonly string[];
  /** What the stack tells others, before and after; missing where the program did not come so far. */
  readonly outputs?: { readonly before: Tree; readonly after: Tree };
}

/** What is done to a resource. */
export type Action = "same" | "create" | "update" | "replace" | "delete" | "read" | "import" | "forget" | "refresh";

export interface Resource {
  readonly urn: string;
  /** The program's name for it. */
  readonly name: string;
  /** The type's token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  readonly action: Action;
  /** The outermost component that it belongs to; nothing where it lies directly in the stack. */
  readonly component: string | undefined;
  readonly before?: State;
  readonly after?: State;
  /** The inputs that make a replacement necessary. */
  readonly replaceKeys: readonly string[];
  /** Of a replacement: the old one goes before the new one comes. */
  readonly isDeletedFirst: boolean;
  /** What the provider says that differs. */
  readonly reported: readonly Reported[];
}

export interface State {
  readonly inputs: Tree;
  readonly outputs: Tree;
  /** The engine refuses to delete it. */
  readonly protect: boolean;
  /** When it leaves the stack, the thing itself stays. */
  readonly retainOnDelete: boolean;
  /** Paths whose differences the program does not want to be shown. */
  readonly hiddenDiffs: readonly (readonly (string | number)[])[];
}

/** A difference that the provider names. */
export interface Reported {
  readonly path: readonly (string | number)[];
  /** Between old and new inputs; else between what really exists and the new inputs. */
  readonly isInputDiff: boolean;
  readonly isReplacing: boolean;
}

export interface Message {
  readonly severity: "error" | "warning" | "info";
  readonly urn: string;
  readonly text: string;
}

export interface Violation {
  readonly policy: string;
  readonly pack: string;
  readonly urn: string;
  readonly message: string;
  readonly isMandatory: boolean;
  readonly severity: string;
}

export interface Remediation {
  readonly policy: string;
  readonly urn: string;
}

/** What a preview says, without what must not be seen. */
export function previewOf(events: readonly EngineEvent[]): Preview {
  const masker = new Masker();
  // Twice: what the first reading finds to be secret, the second finds wherever it stands.
  read(events, masker);
  return read(events, masker);
}

function read(events: readonly EngineEvent[], masker: Masker): Preview {
  const steps = stepsOf(events);
  const states = new Map([...steps.values()].map(({ urn, old, new: now }) => [urn, now ?? old]));
  const order = [...steps.keys()];
  const resources = [...steps.values()]
    .filter(({ op }) => isTold(op))
    .map((step) => resourceOf(step, { states, order, masker }));
  const [first] = steps.values();
  const messages = unique(messagesOf(events, masker));
  const isFinished =
    events.some(({ summaryEvent }) => summaryEvent !== undefined) &&
    messages.every(({ severity }) => severity !== "error");
  const outputs = resources.find(({ type }) => type === STACK);
  const [stack = "", project = ""] = first?.urn.split("::").slice(0, 2) ?? [];
  const packs = events.flatMap(({ summaryEvent }) => Object.entries(summaryEvent?.PolicyPacks ?? {}));
  const violations = events.flatMap(({ policyEvent }) => policyEvent ?? []);
  return {
    project: masker.text(project),
    stack: masker.text(stack.replace(/^urn:pulumi:/, "")),
    resources: resources.filter(({ type }) => type !== STACK).sort(byPlace),
    isFirst: resources.every(({ before, type }) => before === undefined || type === STACK),
    isFinished,
    messages,
    ...(isFinished &&
      outputs?.before &&
      outputs.after && { outputs: { before: outputs.before.outputs, after: outputs.after.outputs } }),
    violations: unique(
      violations.map((each) => ({
        policy: masker.text(each.policyName),
        pack: masker.text(each.policyPackName),
        urn: masker.text(each.resourceUrn),
        message: masker.text(withoutColors(each.message).trim()),
        isMandatory: each.enforcementLevel === "mandatory",
        severity: masker.text(each.severity),
      })),
    ),
    remediations: events
      .flatMap(({ policyRemediationEvent }) => policyRemediationEvent ?? [])
      .map((each) => ({ policy: masker.text(each.policyName), urn: masker.text(each.resourceUrn) })),
    policyPacks: unique(packs.map(([name, version]) => masker.text(`${packName(name)} ${version}`.trim()))),
  };
}

/** Of a pack that is not from a registry the engine says where it lies, too: `roost|local|/folder`. */
function packName(name: string): string {
  return name.replace(/\|.*$/s, "");
}

const STACK = "pulumi:pulumi:Stack";

/** The engine works on many at a time: their order is another in each run. */
function byPlace(one: Resource, other: Resource): number {
  const place = ({ component = "", type, name, urn }: Resource) => [component, type, name, urn].join("\n");
  return place(one) < place(other) ? -1 : 1;
}

/** Steps by operation and resource, the last word on each; in the order in which they began. */
function stepsOf(events: readonly EngineEvent[]): ReadonlyMap<string, StepMetadata> {
  const steps = new Map<string, StepMetadata>();
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    const step = (resOutputsEvent ?? resourcePreEvent)?.metadata;
    if (step !== undefined) steps.set(keyOf(step.op, step.urn), step);
  }
  return steps;
}

function keyOf(op: string, urn: string): string {
  return `${op} ${urn}`;
}

/** The engine tells a replacement in three steps; the one called "replace" says everything. */
function isTold(op: string): boolean {
  return (
    op !== "create-replacement" &&
    op !== "delete-replaced" &&
    op !== "discard-replaced" &&
    op !== "remove-pending-replace"
  );
}

const actions: Readonly<Record<string, Action>> = {
  same: "same",
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  read: "read",
  "read-replacement": "read",
  import: "import",
  "import-replacement": "import",
  discard: "forget",
  refresh: "refresh",
};

interface Context {
  readonly states: ReadonlyMap<string, StepState | null>;
  readonly order: readonly string[];
  readonly masker: Masker;
}

function resourceOf(step: StepMetadata, { states, order, masker }: Context): Resource {
  const { urn, op, old, new: now } = step;
  const [made, removed] = [
    order.indexOf(keyOf("create-replacement", urn)),
    order.indexOf(keyOf("delete-replaced", urn)),
  ];
  const component = componentOf(urn, states);
  const text = (raw: string) => masker.text(raw);
  return {
    urn: text(urn),
    name: text(nameOf(urn)),
    type: text(step.type),
    // An operation of a later engine is a change to look at.
    action: actions[op] ?? "update",
    component: component && text(component),
    ...(old && { before: stateOf(step.type, old, masker) }),
    ...(now && { after: stateOf(step.type, now, masker) }),
    replaceKeys: (step.keys ?? []).map(text),
    isDeletedFirst: removed >= 0 && removed < made,
    reported: reportedOf(step, text),
  };
}

function stateOf(type: string, state: StepState, masker: Masker): State {
  return {
    inputs: masker.properties(type, state.inputs),
    outputs: masker.properties(type, state.outputs),
    protect: state.protect,
    retainOnDelete: state.retainOnDelete,
    hiddenDiffs: state.hideDiffs ?? [],
  };
}

function reportedOf({ detailedDiff, diffs }: StepMetadata, text: (raw: string) => string): Reported[] {
  if (!detailedDiff) return (diffs ?? []).map((key) => ({ path: [text(key)], isInputDiff: true, isReplacing: false }));
  return Object.entries(detailedDiff).map(([path, { diffKind, inputDiff }]) => ({
    path: parsePath(path).map((key) => (typeof key === "string" ? text(key) : key)),
    isInputDiff: inputDiff,
    isReplacing: diffKind.endsWith("-replace"),
  }));
}

/** `spec.containers[0].env["a.b"]`, as the engine writes paths. */
export function parsePath(path: string): (string | number)[] {
  const keys = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...keys].map(([, quoted, index, plain = ""]) => {
    if (index !== undefined) return Number(index);
    return quoted?.replace(/\\(.)/g, "$1") ?? plain;
  });
}

/** The outermost resource above it, below the stack; a component that lies there is in itself. */
function componentOf(urn: string, states: Context["states"]): string | undefined {
  const parentOf = (child: string) => states.get(child)?.parent ?? "";
  let [here, found] = [urn, states.get(urn)?.custom === false ? urn : ""];
  for (let depth = 0; depth < 100 && parentOf(here) !== "" && !parentOf(here).includes(`::${STACK}::`); depth += 1) {
    here = parentOf(here);
    found = here;
  }
  return found === "" ? undefined : nameOf(found);
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::") || urn;
}

function messagesOf(events: readonly EngineEvent[], masker: Masker): Message[] {
  return events.flatMap(({ diagnosticEvent, errorEvent }): Message[] => {
    if (errorEvent) return [{ severity: "error", urn: "", text: masker.text(errorEvent.error) }];
    if (!diagnosticEvent || diagnosticEvent.ephemeral) return [];
    const { message, urn } = diagnosticEvent;
    const severity = severityOf(diagnosticEvent.severity);
    const text = withoutColors(message).trim();
    // It follows another error, or a policy that is broken, and adds nothing to it.
    if (text === "preview failed") return [];
    return severity && text !== "" ? [{ severity, urn: masker.text(urn), text: masker.text(text) }] : [];
  });
}

function severityOf(severity: string): Message["severity"] | undefined {
  if (severity === "error" || severity === "warning") return severity;
  return severity.startsWith("info") ? "info" : undefined;
}

/** The engine marks colours as `<{%fg 1%}>`, terminals with escape sequences. */
function withoutColors(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
  return text.replace(/<\{%.*?%\}>|\u001b\[[0-9;]*[mK]/g, "");
}

function unique<T>(all: readonly T[]): T[] {
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}
