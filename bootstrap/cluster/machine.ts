/** What the machine itself gets while a cluster runs: a bridge, the way out; and how it gets rid of them. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { progress, run } from "../artifact.ts";
import { hierarchies, removeControlGroup } from "./control-groups.ts";
import type { Site } from "./site.ts";

/** Kernel settings that the cluster changes for the whole machine; the kubelet sets all but the first. */
const kernelSettings = [
  "net/ipv4/ip_forward",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];

/** Modules that a kernel may have to load; where they are built in, or cannot be loaded, the parts themselves report. */
const modules = [
  "overlay",
  "bridge",
  "br_netfilter",
  "veth",
  "nf_conntrack",
  "ip_set",
  "xt_set",
  "xt_comment",
  "iptable_nat",
];

/** @throws Error that says everything which this machine lacks, and what to do */
export async function checkMachine(site: Site): Promise<void> {
  const problems: string[] = [];
  if (process.platform !== "linux")
    throw new Error(`The embedded cluster needs Linux; this is ${process.platform}. Give a kubeconfig instead.`);
  if (process.arch !== "x64")
    throw new Error(
      `The embedded cluster and its images are built for x86-64; this is ${process.arch}. Give a kubeconfig instead.`,
    );
  if (process.getuid?.() !== 0)
    throw new Error("The embedded cluster makes namespaces and interfaces: run this as root, or give a kubeconfig.");
  mkdirSync(site.folder, { recursive: true, mode: 0o700 });
  await run("modprobe", ["--all", "--quiet", ...modules]).catch(() => undefined);
  if (!/\toverlay$/m.test(readFileSync("/proc/filesystems", "utf8")))
    problems.push("its kernel has no overlay file system (module overlay)");
  if (hierarchies().length === 0) problems.push("no control groups are mounted at /sys/fs/cgroup");
  const overlay = 0x794c7630;
  if (statfsSync(site.folder).type === overlay) {
    problems.push(
      `${site.folder} lies on an overlay file system, where containers cannot be kept; set ROOST_DATA to a folder on a disk`,
    );
  }
  const { taken, wider } = routesInto(site, machineRoutes());
  problems.push(...taken.map((network) => `${network}; set ROOST_NETWORK to other numbers, such as 10.193`));
  for (const route of wider) {
    progress(
      `The route ${route} covers the cluster's networks (${site.hostsCidr}, ${site.podsCidr}, ${site.servicesCidr}), which win: what has these addresses behind it cannot be reached from the cluster. If that matters, set ROOST_NETWORK.`,
    );
  }
  if (problems.length > 0)
    throw new Error(
      `The embedded cluster cannot run on this machine:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
}

/** Makes the bridge and the way out; what is there already is left as it is. */
export async function prepareMachine(site: Site): Promise<void> {
  rememberKernelSettings(site);
  if (!existsSync(`/sys/class/net/${site.bridge}`)) {
    await run("ip", ["link", "add", site.bridge, "type", "bridge"]);
  }
  await run("ip", ["addr", "replace", `${site.gateway}/24`, "dev", site.bridge]);
  await run("ip", ["link", "set", site.bridge, "up"]);
  await openWayOut(site).catch((error: unknown) => {
    progress(`The cluster cannot reach beyond this machine, which only upstream images need: ${message(error)}`);
  });
}

/** Removes the bridge, the firewall rules and the changed kernel settings. */
export async function restoreMachine(site: Site): Promise<void> {
  if (existsSync(`/sys/class/net/${site.bridge}`)) await run("ip", ["link", "del", site.bridge]);
  await closeWayOut(site);
  removeControlGroup(`/${site.bridge}`);
  restoreKernelSettings(site);
}

/** Name servers that hosts of the cluster can use: not those that listen on the machine's loopback. */
export function nameServers(): string[] {
  for (const file of ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"]) {
    if (!existsSync(file)) continue;
    const found = [...readFileSync(file, "utf8").matchAll(/^nameserver\s+(\S+)/gm)].flatMap(
      ([, address]) => address ?? [],
    );
    const usable = found.filter((address) => !/^(127\.|::1$)/.test(address));
    if (usable.length > 0) return usable;
  }
  return [];
}

/**
 * Rules of the machine's firewall, as iptables takes them: hosts may open connections to the outside under the machine's
 * address, and nobody outside may open one to them. They come first, because Docker drops what it does not know.
 */
export function firewallRules(site: Site): { table: string; chain: string; rule: string[] }[] {
  const { bridge } = site;
  const mark = ["-m", "comment", "--comment", bridge];
  const established = ["-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED"];
  return [
    { table: "filter", chain: "FORWARD", rule: ["-o", bridge, "!", "-i", bridge, ...mark, "-j", "DROP"] },
    { table: "filter", chain: "FORWARD", rule: ["-o", bridge, ...established, ...mark, "-j", "ACCEPT"] },
    { table: "filter", chain: "FORWARD", rule: ["-i", bridge, ...mark, "-j", "ACCEPT"] },
    {
      table: "nat",
      chain: "POSTROUTING",
      rule: ["-s", site.hostsCidr, "!", "-o", bridge, ...mark, "-j", "MASQUERADE"],
    },
  ];
}

async function openWayOut(site: Site): Promise<void> {
  writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");
  for (const { table, chain, rule } of firewallRules(site)) {
    const there = await run("iptables", ["-w", "-t", table, "-C", chain, ...rule]).then(
      () => true,
      () => false,
    );
    if (!there) await run("iptables", ["-w", "-t", table, "-I", chain, ...rule]);
  }
}

async function closeWayOut(site: Site): Promise<void> {
  for (const { table, chain, rule } of firewallRules(site)) {
    const remove = () =>
      run("iptables", ["-w", "-t", table, "-D", chain, ...rule]).then(
        () => true,
        () => false,
      );
    while (await remove());
  }
}

/** A route of the machine, as `ip -json route` tells it. */
export interface Route {
  readonly dst?: string;
  readonly dev?: string;
}

/** All routes of the machine. */
export function machineRoutes(): Route[] {
  return JSON.parse(execFileSync("ip", ["-json", "-4", "route", "show", "table", "all"], { encoding: "utf8" }));
}

/**
 * Pure: which routes of the machine lead into the site's networks. What is `taken` cannot be used. A route that is `wider`
 * than any of them, such as a VPN's for 10.0.0.0/8, does no harm: the more specific one wins.
 */
export function routesInto(site: Site, routes: readonly Route[]): { taken: string[]; wider: string[] } {
  const taken: string[] = [];
  const wider: string[] = [];
  for (const { dst, dev } of routes) {
    if (dst === undefined || dst === "default" || dev === undefined || dev === site.bridge || dev === "lo") continue;
    const into = [site.hostsCidr, site.podsCidr, site.servicesCidr].filter((network) => overlap(network, dst));
    if (into.length === 0) continue;
    if (parse(dst).bits < widestPrefix) wider.push(`${dst} on ${dev}`);
    else taken.push(...into.map((network) => `the network ${network} is in use (${dst} on ${dev})`));
  }
  return { taken, wider };
}

/** Of the networks of pods and of services. */
const widestPrefix = 16;

/** Pure: whether two IPv4 networks share an address. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [parse(one), parse(other)];
  const bits = Math.min(a.bits, b.bits);
  const size = 2 ** (32 - bits);
  return Math.floor(a.address / size) === Math.floor(b.address / size);
}

function parse(network: string): { address: number; bits: number } {
  const [address = "", bits = "32"] = network.split("/");
  return { address: address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0), bits: Number(bits) };
}

function rememberKernelSettings(site: Site): void {
  const file = join(site.folder, "kernel-settings.json");
  if (existsSync(file)) return;
  const values = kernelSettings.flatMap((name) => {
    const path = join("/proc/sys", name);
    return existsSync(path) ? [[name, readFileSync(path, "utf8").trim()]] : [];
  });
  writeFileSync(file, JSON.stringify(Object.fromEntries(values)), { mode: 0o600 });
}

function restoreKernelSettings(site: Site): void {
  const file = join(site.folder, "kernel-settings.json");
  if (!existsSync(file)) return;
  const values: Record<string, string> = JSON.parse(readFileSync(file, "utf8"));
  // The last one turns off the light.
  const others = readdirSync("/sys/class/net").some((name) => /^roost\d+$/.test(name));
  for (const [name, value] of others ? [] : Object.entries(values)) {
    const path = join("/proc/sys", name);
    if (readFileSync(path, "utf8").trim() !== value) writeFileSync(path, value);
  }
  rmSync(file);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
