import type { CommandResult } from "./command.ts";
import { attempt, command } from "./command.ts";
import { here } from "./here.ts";

// Whatever the operator's own says: tests delete pods, and only here.
process.env.KUBECONFIG = here.kubeconfig;

/** As much of a Kubernetes object as the tests look at. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
}

export interface Pod extends KubernetesObject {
  readonly spec: {
    readonly containers: readonly {
      readonly name: string;
      readonly image: string;
      readonly ports?: readonly { readonly containerPort: number }[];
    }[];
    readonly initContainers?: readonly { readonly name: string }[];
  };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly containerStatuses?: readonly { readonly restartCount: number }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export interface Secret extends KubernetesObject {
  readonly type: string;
  /** In base64. */
  readonly data?: Readonly<Record<string, string>>;
}

export function kubectl(args: readonly string[], input?: string): Promise<string> {
  return command("kubectl", args, input === undefined ? {} : { input });
}

/** The objects that `kubectl get` finds. */
export async function objects<T extends KubernetesObject>(...args: readonly string[]): Promise<T[]> {
  const list: { items: T[] } = JSON.parse(await kubectl(["get", ...args, "-o", "json"]));
  return list.items;
}

export function pods(namespace: string, selector?: string): Promise<Pod[]> {
  return objects<Pod>("pods", "-n", namespace, ...(selector === undefined ? [] : ["-l", selector]));
}

export function podNamed(all: readonly Pod[], prefix: string): Pod {
  const found = all.find(({ metadata, status }) => metadata.name.startsWith(prefix) && status.phase === "Running");
  if (found === undefined) throw new Error(`no pod ${prefix}…: ${all.map(({ metadata }) => metadata.name).join(", ")}`);
  return found;
}

export function everyPod(): Promise<Pod[]> {
  return objects<Pod>("pods", "--all-namespaces");
}

export function isReady(pod: Pod): boolean {
  return pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

/** Whether it is what it was started for: at service, or, where it has a task that ends, about it or done with it. */
export function isWell(pod: Pod): boolean {
  const hasTask = pod.metadata.ownerReferences?.some(({ kind }) => kind === "Job") ?? false;
  return hasTask ? pod.status.phase !== "Failed" : isReady(pod);
}

/** What was asked of each object of the namespace, by `kind/name`: what changes only when somebody changes it. */
export async function revisions(namespace: string): Promise<Record<string, string>> {
  const all = await objects(
    "deployments,statefulsets,jobs,services,configmaps,secrets,networkpolicies,serviceaccounts,persistentvolumeclaims",
    "-n",
    namespace,
  );
  return Object.fromEntries(
    all.map(({ kind, metadata: { name, uid, generation, resourceVersion } }) => [
      `${kind}/${name}`,
      // Where there is a generation, the version of the object changes with its status as well.
      `${uid} ${generation ?? (STATUS_WITHOUT_GENERATION.test(kind) ? "" : resourceVersion)}`,
    ]),
  );
}

const STATUS_WITHOUT_GENERATION = /^(Service|PersistentVolumeClaim)$/;

/** Makes the objects, or changes them to what they should be. */
export async function apply(...definitions: readonly object[]): Promise<void> {
  await kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: definitions }));
}

export interface Place {
  readonly namespace: string;
  readonly pod: string;
  /** @default the pod's first */
  readonly container?: string;
}

/** Runs a command in a container. */
export function attemptIn(place: Place, args: readonly string[], input?: string): Promise<CommandResult> {
  const container = place.container === undefined ? [] : ["-c", place.container];
  const stdin = input === undefined ? [] : ["-i"];
  return attempt("kubectl", ["exec", ...stdin, "-n", place.namespace, place.pod, ...container, "--", ...args], {
    ...(input !== undefined && { input }),
    timeoutSeconds: 120,
  });
}

/** Runs a Python program in a container, and returns what it printed. */
export async function python(place: Place, program: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await attemptIn(place, ["python3", "-", ...args], program);
  if (code !== 0) throw new Error(`python3 in ${place.pod}: exit code ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

/** Everything in the cluster that lies in no namespace, and the namespaces themselves, as `kind/name`. */
export async function clusterScoped(): Promise<string[]> {
  const kinds = await kubectl(["api-resources", "--namespaced=false", "--verbs=list", "-o", "name"]);
  const listed = await kubectl(["get", kinds.trim().split("\n").join(","), "-o", "name", "--ignore-not-found"]);
  return listed
    .trim()
    .split("\n")
    .filter((each) => !IGNORED.test(each))
    .sort();
}

/** What Kubernetes itself makes and removes as time goes by. */
const IGNORED = /^(componentstatus|certificatesigningrequest|.*flowcontrol|csinode|ipamhandle|ipamblock|blockaffinit)/;
