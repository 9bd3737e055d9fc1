/** Pure: from arguments to what runs. */
import type { types } from "@pulumi/kubernetes";
import type { ContainerSpec, JobSpec, Peer, ServiceSpec } from "../network/index.ts";
import { configMapMount, nodeUser, runPacked, secretMount, volumeClaim } from "../network/index.ts";
import { credentialFiles } from "./store.ts";

/** Names of the objects. */
export const objects = {
  store: "object-store",
  /** Brings the store to what is declared. */
  job: "object-store-buckets",
  tls: "object-store-tls",
  /** Keys of the account that may do everything: the store's own, and the Job's. */
  root: "object-store-root",
  /** What the accounts are, as versitygw reads it. */
  accounts: "object-store-accounts",
} as const;

export const ports = { s3: 7070 } as const;

/** What stands in signatures: there is one place, and it has no other name. */
export const region = "us-east-1";

/** Folders in the pods, and files. */
export const paths = {
  data: "/data",
  tls: "/tls",
  root: "/root-account",
  accounts: "/accounts",
  job: "/etc/roost",
} as const;
export const accountsFile = "users.json";
export const healthPath = "/healthz";

/** The account in the image `versitygw`. */
export const storeUser = 10_001;

/** Name of the claim, as the StatefulSet looks for it. */
export const claimName = `data-${objects.store}-0`;

export interface StoreArgs {
  readonly peer: Peer;
  /** Image `versitygw`, by digest. */
  readonly image: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly storageGiB: number;
  readonly storageClass?: string | undefined;
}

/** versitygw on a volume of its own. One: two of them would have to share a file system. */
export function storeWorkload(args: StoreArgs): ServiceSpec {
  const { peer, image, cpus, memoryMiB, storageGiB, storageClass } = args;
  const answers = { httpGet: { path: healthPath, port: ports.s3, scheme: "HTTPS" }, timeoutSeconds: 5 };
  const store: ContainerSpec = {
    name: "versitygw",
    image,
    command: storeCommand(),
    ports: { s3: ports.s3 },
    cpus,
    memoryMiB,
    // Pages of a folder of a thousand objects, and 1 MiB for each request on its way.
    env: { GOMEMLIMIT: `${Math.floor(memoryMiB * 0.85)}MiB` },
    mounts: [
      secretMount("tls", paths.tls, objects.tls, ["tls.crt", "tls.key"]),
      secretMount("root", paths.root, objects.root),
      secretMount("accounts", paths.accounts, objects.accounts),
      {
        name: "data",
        path: paths.data,
        source: {
          kind: "claimPerReplica",
          storageGiB,
          // The stack makes the claim, so that it can make it larger; the StatefulSet takes what it finds.
          retain: true,
          ...(storageClass !== undefined && { storageClass }),
        },
      },
    ],
    startupProbe: { ...answers, periodSeconds: 1, failureThreshold: 120 },
    livenessProbe: { ...answers, periodSeconds: 20, failureThreshold: 3 },
    readinessProbe: { ...answers, periodSeconds: 5, failureThreshold: 2 },
  };
  return { peer, kind: "StatefulSet", replicas: 1, userId: storeUser, groupId: storeUser, containers: [store] };
}

/**
 * Objects and their old versions lie on one volume, in folders beside each other. The shell is there for the keys of the root account,
 * which versitygw takes of its environment alone: they are in files, so that whoever can look at the pod does not see them.
 */
export function storeCommand(): readonly string[] {
  const script = [
    "set -eu",
    `mkdir -p ${paths.data}/objects ${paths.data}/versions`,
    `read -r ROOT_ACCESS_KEY_ID <${paths.root}/${credentialFiles.accessKeyId} || [ -n "$ROOT_ACCESS_KEY_ID" ]`,
    `read -r ROOT_SECRET_ACCESS_KEY <${paths.root}/${credentialFiles.secretAccessKey} || [ -n "$ROOT_SECRET_ACCESS_KEY" ]`,
    "export ROOT_ACCESS_KEY_ID ROOT_SECRET_ACCESS_KEY",
    'exec versitygw "$@"',
  ];
  return ["sh", "-c", script.join("\n"), "sh", ...storeArguments()];
}

function storeArguments(): readonly string[] {
  return [
    ...["--port", `:${ports.s3}`, "--cert", `${paths.tls}/tls.crt`, "--key", `${paths.tls}/tls.key`],
    ...["--region", region, "--health", healthPath],
    // Accounts are the stack's: there is no way to make one but this file.
    ...["--iam-dir", paths.accounts, "--admin-port", "@admin"],
    // Policies say who may do what, and nothing else does.
    ...["--disable-acl", "--keep-alive"],
    // Who did what, a line for each request, among the logs of the environment.
    ...["--quiet", "--access-log", "stdout"],
    ...["posix", "--versioning-dir", `${paths.data}/versions`, `${paths.data}/objects`],
  ];
}

/** What versitygw reads of its accounts. @param secrets by access key id */
export function accountsJson(secrets: Readonly<Record<string, string>>): string {
  const account = ([access, secret]: readonly [string, string]) =>
    [access, { access, secret, role: "user", userID: 0, groupID: 0, projectID: 0 }] as const;
  return JSON.stringify({ accessAccounts: Object.fromEntries(Object.entries(secrets).map(account)) });
}

/** The volume. Its size may be set higher at any time, where the class can do that; never lower. */
export function claim(
  peer: Peer,
  storageGiB: number,
  storageClass: string | undefined,
): types.input.core.v1.PersistentVolumeClaim {
  return volumeClaim(claimName, peer, storageGiB, storageClass);
}

export interface JobArgs {
  readonly peer: Peer;
  /** Image `node`, by digest. */
  readonly image: string;
  /** ConfigMap whose `ca.crt` verifies the store. @default public authorities */
  readonly caConfigMap?: string | undefined;
}

/** Brings buckets, and who may do what in them, to what is declared. */
export function bucketsWorkload({ peer, image, caConfigMap }: JobArgs): JobSpec {
  const files = [`${paths.job}/object-store.js.gz`, `${paths.job}/object-store.json`, paths.root];
  const container: ContainerSpec = {
    name: "buckets",
    image,
    command: ["node", ...runPacked],
    args: caConfigMap === undefined ? files : [...files, `${paths.tls}/ca.crt`],
    cpus: 0.05,
    memoryMiB: 128,
    mounts: [
      configMapMount("program", paths.job, objects.job),
      secretMount("root", paths.root, objects.root),
      ...(caConfigMap === undefined ? [] : [configMapMount("ca", paths.tls, caConfigMap)]),
    ],
  };
  return { peer, kind: "Job", backoffLimit: 2, userId: nodeUser, groupId: nodeUser, containers: [container] };
}
