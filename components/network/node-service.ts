import type { ContainerSpec } from "./workload-spec.ts";

/** The account in the image `node`. */
export const nodeUser = 10_001;
/** What Node.js takes beside its heap, in MiB. */
export const outsideHeapMiB = 80;

/** Options with which Node.js runs a program of `services/` as a ConfigMap has it: its path comes next, and then what it is told. */
export const runPacked: readonly string[] = [
  "--eval",
  'const [, path] = process.argv; module._compile(require("node:zlib").gunzipSync(require("node:fs").readFileSync(path)).toString(), path)',
];

export interface NodeServiceArgs extends Pick<ContainerSpec, "name" | "image" | "mounts"> {
  readonly cpus: number;
  readonly memoryMiB: number;
  /** @default all of the memory but {@link outsideHeapMiB} */
  readonly heapMiB?: number;
  /** Paths of the program, and of the file that it is told by. */
  readonly program: string;
  readonly specification: string;
  /** Where it tells of its health and its metrics, over TLS. */
  readonly port: number;
}

/** A program of `services/` in the image `node`, which goes on until it is told to end. */
export function nodeService(args: NodeServiceArgs): ContainerSpec {
  const { name, image, cpus, memoryMiB, program, specification, port, mounts } = args;
  const { heapMiB = memoryMiB - outsideHeapMiB } = args;
  const lives = { httpGet: { path: "/healthz", port, scheme: "HTTPS" }, timeoutSeconds: 5 };
  return {
    name,
    image,
    command: ["node"],
    args: [`--max-old-space-size=${heapMiB}`, ...runPacked, program, specification],
    ports: { https: port },
    cpus,
    memoryMiB,
    ...(mounts && { mounts }),
    startupProbe: { ...lives, periodSeconds: 1, failureThreshold: 60 },
    readinessProbe: { ...lives, periodSeconds: 10, failureThreshold: 3 },
    livenessProbe: { ...lives, periodSeconds: 20, failureThreshold: 3 },
  };
}
