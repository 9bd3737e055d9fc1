/**
 * Makes a recorded event stream small and the same on every machine. What is done to it, and nothing else:
 *
 * - Debug messages go, what the provider says of rendering to a folder instead of a cluster, and a step's first event where a second one says the same and more.
 * - Times and sequence numbers are counted anew; the duration is 0.
 * - The project's folder, the home folder and the machine's name are replaced.
 * - Of outputs, what providers keep for themselves goes (`__inputs`, `__meta` and such); of an unchanged Kubernetes
 *   object, all outputs: they repeat its inputs.
 * - The schemas of CustomResourceDefinitions go.
 */
import { homedir, hostname } from "node:os";

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old: State | null;
  readonly new: State | null;
}

interface State {
  readonly inputs?: Tree;
  readonly outputs?: Tree;
}

type Tree = Readonly<Record<string, unknown>>;

interface Event {
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly resourcePreEvent?: { readonly metadata: Step };
  readonly resOutputsEvent?: { readonly metadata: Step };
  readonly summaryEvent?: object;
}

export function normalise(text: string, project: string): string {
  const events: Event[] = withoutMachine(text, project)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  const finished = new Set<string>();
  for (const { resOutputsEvent } of events) {
    if (resOutputsEvent) finished.add(keyOf(resOutputsEvent.metadata));
  }
  return events
    .filter(({ diagnosticEvent }) => diagnosticEvent?.severity !== "debug")
    .filter(({ diagnosticEvent }) => !diagnosticEvent?.message.startsWith("rendered YAML will contain a secret"))
    .filter((event) => {
      const first = event.resourcePreEvent?.metadata;
      return first === undefined || !finished.has(keyOf(first));
    })
    .map((event, sequence) => `${JSON.stringify({ ...shrunk(event), sequence, timestamp: 0 })}\n`)
    .join("");
}

function keyOf({ op, urn }: Step): string {
  return `${op} ${urn}`;
}

function withoutMachine(text: string, project: string): string {
  return text.replaceAll(project, "/project").replaceAll(homedir(), "/home").replaceAll(hostname(), "machine");
}

function shrunk(event: Event): Event {
  const { resourcePreEvent, resOutputsEvent, summaryEvent } = event;
  return {
    ...event,
    ...(resourcePreEvent && {
      resourcePreEvent: { ...resourcePreEvent, metadata: shrunkStep(resourcePreEvent.metadata) },
    }),
    ...(resOutputsEvent && { resOutputsEvent: { ...resOutputsEvent, metadata: shrunkStep(resOutputsEvent.metadata) } }),
    ...(summaryEvent && { summaryEvent: { ...summaryEvent, durationSeconds: 0 } }),
  };
}

function shrunkStep(step: Step): Step {
  return { ...step, old: step.old && shrunkState(step.old, step), new: step.new && shrunkState(step.new, step) };
}

function shrunkState(state: State, { op, type }: Step): State {
  const repeats = op === "same" && type.startsWith("kubernetes:");
  return {
    ...state,
    ...(state.inputs && { inputs: withoutSchemas(state.inputs, type) }),
    ...(state.outputs && { outputs: repeats ? {} : withoutSchemas(withoutOwn(state.outputs), type) }),
  };
}

function withoutOwn(outputs: Tree): Tree {
  return Object.fromEntries(Object.entries(outputs).filter(([key]) => !key.startsWith("__")));
}

function withoutSchemas(tree: Tree, type: string): Tree {
  if (!type.endsWith(":CustomResourceDefinition") || typeof tree.spec !== "object") return tree;
  return { ...tree, spec: { ...tree.spec, versions: [] } };
}
