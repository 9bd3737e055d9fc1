import type { types } from "@pulumi/kubernetes";
import type { ContainerSpec, JobSpec, Peer, ServiceSpec } from "../../network/index.ts";
import { configMapMount, headlessService, podHosts, runPacked, secretMount } from "../../network/index.ts";
import type { DirectorySchema } from "../ldap.ts";
import { ldapsPort } from "./names.ts";
import type { SlapdPaths } from "./slapd.ts";
import { localUrl } from "./slapd.ts";

/** Names of the objects of an embedded directory. The servers' own name is `openldap`. */
export const objects = {
  server: "openldap",
  configuration: "openldap-config",
  secrets: "openldap-secrets",
  certificate: "openldap-tls",
  seed: "directory-seed",
  seedSecrets: "directory-seed-secrets",
  check: "directory-check",
} as const;

/** The account in the image `openldap`, and the one in `node`. */
export const slapdUser = 389;
const nodeUser = 10_001;

export const paths: SlapdPaths & { readonly configuration: string; readonly secrets: string } = {
  modules: "/usr/lib/ldap",
  schema: "/etc/ldap/schema",
  configuration: "/etc/roost",
  secrets: "/secrets",
  certificate: "/tls",
  data: "/var/lib/ldap",
  run: "/run/slapd",
  secretFile: "",
};

/** File of a server's configuration, and of the secret part of it, by the server's number. */
export const configurationFile = (server: number) => `slapd-${server}.conf`;
export const secretFile = (server: number) => `secret-${server}.conf`;

/** Requests that a server works on at a time. */
export const threads = 4;

/** Names of the servers, in the order in which clients try them. */
export function serverHosts(namespace: string, replicas: number): string[] {
  return podHosts(objects.server, namespace, replicas);
}

export function serverUrls(namespace: string, replicas: number): string[] {
  return serverHosts(namespace, replicas).map((host) => `ldaps://${host}:${ldapsPort}`);
}

export interface ServerWorkloadArgs {
  readonly peer: Peer;
  readonly image: string;
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly storageGiB: number;
  readonly storageClass?: string | undefined;
  /** Whether the volumes outlive the directory. */
  readonly retain: boolean;
  readonly spread?: "required" | "preferred" | undefined;
  /** What the probes ask for: the entry that everything is below. */
  readonly baseDn: string;
}

/** The servers. Each finds its own configuration by the number at the end of its name. */
export function serverWorkload(args: ServerWorkloadArgs): ServiceSpec {
  const local = localUrl(paths.run);
  const start = `exec slapd -d stats -f "${paths.configuration}/slapd-\${HOSTNAME##*-}.conf" -h "ldaps://:${ldapsPort} ${local}"`;
  const ask = ["ldapwhoami", "-Q", "-Y", "EXTERNAL", "-o", "nettimeout=4", "-H", local];
  const answers = { exec: { command: ask }, timeoutSeconds: 5 };
  return {
    peer: args.peer,
    kind: "StatefulSet",
    replicas: args.replicas,
    userId: slapdUser,
    groupId: slapdUser,
    ...(args.spread && { spread: args.spread }),
    containers: [
      {
        name: "slapd",
        image: args.image,
        command: ["sh", "-c", start],
        ports: { ldaps: ldapsPort },
        cpus: args.cpus,
        memoryMiB: args.memoryMiB,
        mounts: [
          configMapMount("configuration", paths.configuration, objects.configuration),
          secretMount("secrets", paths.secrets, objects.secrets),
          secretMount("certificate", paths.certificate, objects.certificate),
          { name: "run", path: paths.run, source: { kind: "scratch", sizeMiB: 1 } },
          {
            name: "data",
            path: paths.data,
            source: {
              kind: "claimPerReplica",
              storageGiB: args.storageGiB,
              retain: args.retain,
              ...(args.storageClass !== undefined && { storageClass: args.storageClass }),
            },
          },
        ],
        startupProbe: { ...answers, periodSeconds: 1, failureThreshold: 120 },
        livenessProbe: { ...answers, periodSeconds: 20, failureThreshold: 3 },
        readinessProbe: { ...readiness(args, local), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 2 },
      },
    ],
  };
}

/**
 * Of a pair, a server that still copies the other's entries is no server yet: its base entry says how far the copy is
 * (`contextCSN`) only when it is whole. One that has no entry at all is ready, so that it can be filled: nobody has an
 * account there, so nobody takes it for the whole.
 */
function readiness({ replicas, baseDn }: ServerWorkloadArgs, local: string): types.input.core.v1.Probe {
  const search = `ldapsearch -Q -LLL -Y EXTERNAL -o nettimeout=4 -H "${local}" -s base -b "${baseDn}" contextCSN`;
  const whole = `out=$(${search} 2>/dev/null); code=$?; [ $code = 32 ] || { [ $code = 0 ] && case "$out" in *contextCSN:*) ;; *) exit 1 ;; esac; }`;
  const single = `${search} >/dev/null 2>&1; code=$?; [ $code = 0 ] || [ $code = 32 ]`;
  return { exec: { command: ["sh", "-c", replicas > 1 ? whole : single] } };
}

/** The Service by which the servers have names of their own. One that is not ready has none. */
export function serverService(peer: Peer): types.input.core.v1.Service {
  return headlessService(peer, { ports: { ldaps: ldapsPort } });
}

export interface ProgramArgs {
  readonly peer: Peer;
  /** Image `node`, by digest. */
  readonly image: string;
  /** ConfigMap with the authority's certificate. @default public authorities */
  readonly caConfigMap?: string | undefined;
}

/** Fills the directory with what the settings say. */
export function seedWorkload(args: ProgramArgs, urls: readonly string[]): JobSpec {
  const words = ["/etc/roost/seed.js.gz", "/etc/roost/wanted.json", "/secrets", "/authority/ca.crt", ...urls];
  return program(args, "seed", words, objects.seed, objects.seedSecrets);
}

/** Asks an organisation's own directory whether it can be read. */
export function checkWorkload(args: ProgramArgs): JobSpec {
  const authority = args.caConfigMap === undefined ? [] : ["/authority/ca.crt"];
  const words = ["/etc/roost/check.js.gz", "/etc/roost/check.json", "/secrets/password", ...authority];
  return program(args, "check", words, objects.check, objects.check);
}

function program(
  { peer, image, caConfigMap }: ProgramArgs,
  name: string,
  args: readonly string[],
  configMapName: string,
  secretName: string,
): JobSpec {
  const container: ContainerSpec = {
    name,
    image,
    command: ["node", ...runPacked],
    args,
    cpus: 0.05,
    memoryMiB: 192,
    mounts: [
      configMapMount("program", "/etc/roost", configMapName),
      secretMount("secrets", "/secrets", secretName),
      ...(caConfigMap === undefined ? [] : [configMapMount("authority", "/authority", caConfigMap)]),
    ],
  };
  return { peer, kind: "Job", backoffLimit: 2, userId: nodeUser, groupId: nodeUser, containers: [container] };
}

/**
 * Condition that every person of a schema meets. Active Directory's machines are of the class `user` too.
 * @source https://learn.microsoft.com/en-us/windows/win32/adsi/search-filter-syntax
 */
const peopleOf: Readonly<Record<DirectorySchema, string>> = {
  openldap: "(objectClass=inetOrgPerson)",
  activeDirectory: "(&(objectCategory=person)(objectClass=user))",
  freeipa: "(objectClass=inetOrgPerson)",
};

export function peopleFilter(schema: DirectorySchema, further: string | undefined): string {
  return further === undefined ? peopleOf[schema] : `(&${peopleOf[schema]}${further})`;
}

/** Ports of the servers, each once. */
export function portsOf(urls: readonly string[]): number[] {
  return [...new Set(urls.map((url) => Number(new URL(url).port || 636)))];
}
