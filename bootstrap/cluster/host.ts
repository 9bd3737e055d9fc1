/**
 * What a host of the embedded cluster is: a set of namespaces with an own root file system, in which s6 keeps services
 * running. Everything that it is lies in the kernel, so that ending its first process removes it without a trace.
 */
import { createHash } from "node:crypto";

/** A program that s6 keeps running. Its output goes to /var/log/<name> in the host, rotated. */
export interface Service {
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files or sockets that must be there before the program is started. @default none */
  readonly after?: readonly string[];
  /** Shell commands that should succeed before the program is started; after 20 s it is started all the same. @default none */
  readonly preferably?: readonly string[];
}

export interface Host {
  readonly name: string;
  readonly address: string;
  /** In an order in which none needs a later one to end cleanly: they are stopped from the last one. */
  readonly services: Readonly<Record<string, Service>>;
  /** Name servers beyond the cluster. Where the machine goes, they change, and the host runs on with others. */
  readonly nameServers: readonly string[];
  /** Files of the host: path -> content. They live in memory. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders of the host that survive it: path in the host -> folder on the machine. */
  readonly folders: Readonly<Record<string, string>>;
  /** Folders that are shown read-only: path in the host -> folder on the machine. */
  readonly programs: Readonly<Record<string, string>>;
  /** Ports that lead to another port of the host. */
  readonly redirects: Readonly<Record<number, number>>;
  /** What else its routing knows, as arguments of `ip`. @default a network of its own, and the way out */
  readonly routing?: readonly string[];
  /** Rules of its firewall beside those that its services make, as `nft` takes them. @default none */
  readonly firewall?: string;
}

/** What the first process of a host is told. */
export interface HostStart {
  readonly host: Host;
  /** An empty folder on the machine, where the root file system is put together. */
  readonly root: string;
  /** The control group of the host, below the root of each hierarchy. */
  readonly controlGroup: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Where s6 looks for the services of a host. */
export const serviceFolder = "/run/service";

/** The program search path in a host: what was built, what was unpacked, what the machine has. */
export const hostPath =
  "/opt/roost/bin:/opt/debian/usr/sbin:/opt/debian/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Where programs of a host, and the kubelet for its pods, find the name servers. */
export const resolvFile = "/etc/resolv.conf";

export function resolvConf({ nameServers }: Pick<Host, "nameServers">): string {
  return nameServers.map((address) => `nameserver ${address}\n`).join("");
}

/** Changes with all that a host has to be started again for. */
export function versionOf(host: Host): string {
  return createHash("sha256")
    .update(JSON.stringify({ ...host, nameServers: [] }))
    .digest("hex");
}

/** The files of a service folder for s6, by path below it. */
export function serviceFiles(name: string, service: Service): Record<string, string> {
  const environment = Object.entries(service.env ?? {}).map(([key, value]) => `export ${key}=${quote(value)}\n`);
  const waits = [
    ...(service.after ?? []).map((path) => `until [ -e ${quote(path)} ]; do sleep 0.1; done\n`),
    ...(service.preferably ?? []).map((condition) => {
      const late = `{ echo ${quote(`started without: ${condition}`)}; break; }`;
      return `n=0\nuntil ${condition}; do n=$((n+1)); [ $n -lt 100 ] || ${late}; sleep 0.2; done\n`;
    }),
  ];
  return {
    run: `#!/bin/sh\nexec 2>&1\n${environment.join("")}${waits.join("")}exec ${service.command.map(quote).join(" ")}\n`,
    "log/run": `#!/bin/sh\nexec s6-log n4 s4000000 T /var/log/${name}\n`,
  };
}

/** The word as a shell reads it, whatever is in it. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
