/** Starts and stops hosts. Whether a host runs is asked of the kernel, never of a file that could be out of date. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../artifact.ts";
import { processesIn, removeControlGroup, takeIntoOwnGroups } from "./control-groups.ts";
import { type Host, hostPath, resolvConf, resolvFile, serviceFolder, versionOf } from "./host.ts";
import { hostAddress, type Site } from "./site.ts";

const initProgram = fileURLToPath(new URL("host-init.ts", import.meta.url));

/** In a host: what it was started from. */
const versionFile = "/etc/roost-host";

/** In a host: the folder with its cluster's data. */
const ownerFile = "/etc/roost-data";

/** In a host: its services in the order in which they depend on each other; they are stopped from the last one. */
const servicesFile = "/etc/roost-services";

/** How long a service may take to end, in ms. */
const serviceGrace = 15_000;

/** Whether a host runs as it is described now, runs as it was described before, or does not run. */
export function hostState(site: Site, host: Host): "current" | "outdated" | "stopped" {
  const pid = firstProcess(site, host.name);
  if (pid === undefined) return "stopped";
  return read(`/proc/${pid}/root${versionFile}`) === versionOf(host) ? "current" : "outdated";
}

/** The data folder of a running host, which may be another cluster's on the same addresses. */
export function ownerOf(site: Site, name: string): string | undefined {
  const pid = firstProcess(site, name);
  return pid === undefined ? undefined : read(`/proc/${pid}/root${ownerFile}`);
}

/** Tells a running host its name servers. The file stays the same one, which some have open and watch. */
export function renewNameServers(site: Site, host: Host): void {
  const pid = firstProcess(site, host.name);
  if (pid === undefined) return;
  const file = `/proc/${pid}/root${resolvFile}`;
  const content = resolvConf(host);
  if (read(file) !== content) writeFileSync(file, content);
}

/** Starts a host; what is left of an earlier one is cleared first. */
export async function startHost(site: Site, described: Host): Promise<void> {
  const services = `${Object.keys(described.services).join("\n")}\n`;
  const marks = { [versionFile]: versionOf(described), [ownerFile]: site.folder, [servicesFile]: services };
  const host = { ...described, files: { ...described.files, ...marks } };
  await stopHost(site, host.name);
  const folder = join(site.folder, "run");
  const root = join(folder, `${host.name}.root`);
  const startFile = join(folder, `${host.name}.json`);
  mkdirSync(root, { recursive: true });
  const env = { LANG: "C.UTF-8", HOME: "/root", ...passedOn(site) };
  writeFileSync(startFile, JSON.stringify({ host, root, controlGroup: controlGroup(site, host.name), env }), {
    mode: 0o600,
  });
  const log = openSync(join(folder, `${host.name}.log`), "w", 0o600);
  const child = spawn(process.execPath, [initProgram, "enter", startFile], {
    detached: true,
    stdio: ["pipe", "pipe", log],
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
  });
  closeSync(log);
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error(`host ${host.name} could not be started`);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  stdout.once("data", () => resolve());
  child.once("error", reject);
  child.once("exit", () => {
    const printed = readFileSync(join(folder, `${host.name}.log`), "utf8").trim();
    reject(new Error(`host ${host.name} could not be started: ${printed.split("\n").slice(-8).join("\n")}`));
  });
  try {
    await promise;
    // What waits for the host to end is none of its processes, or its control groups could not be handed on.
    if (child.pid !== undefined) takeIntoOwnGroups(child.pid);
    await connect(site, host, initOf(site, host.name));
    stdin.write("\n");
  } finally {
    // Where the line above was not reached, the host ends when its standard input does.
    stdin.end();
    stdout.destroy();
    child.removeAllListeners("exit");
    child.unref();
  }
  if (!(await until(() => firstProcess(site, host.name) !== undefined, 10_000))) {
    throw new Error(`host ${host.name} ended while it was being started; see ${join(folder, `${host.name}.log`)}`);
  }
  rmSync(startFile);
}

/**
 * Stops a host: its services end in order, then the kernel removes what is left. Also clears what a host left behind
 * that ended in any other way.
 */
export async function stopHost(site: Site, name: string, how: "in order" | "at once" = "in order"): Promise<void> {
  const group = controlGroup(site, name);
  if (how === "in order" && firstProcess(site, name) !== undefined) {
    const one = `s6-svc -wD -T${serviceGrace} -d ${serviceFolder}/$service`;
    const end = `tac ${servicesFile} | while read -r service; do ${one}; done`;
    await inHost(site, name, ["sh", "-c", end]).catch(() => undefined);
  }
  await until(() => {
    const left = processesIn(group);
    for (const pid of left) kill(pid);
    return left.length === 0;
  }, 20_000);
  await unplug(site, name);
  await until(() => {
    try {
      removeControlGroup(group);
      return true;
    } catch {
      return false;
    }
  }, 5_000);
}

/** The process id, on the machine, of a running host's first process. */
export function firstProcess(site: Site, name: string): number | undefined {
  for (const pid of processesIn(controlGroup(site, name))) {
    const status = read(`/proc/${pid}/status`);
    if (/^Name:\ts6-svscan$/m.test(status) && /^NSpid:\t\d+\t1$/m.test(status)) return pid;
  }
  return undefined;
}

/** When a running host was started, in ms since 1970. @throws Error when it does not run */
export function startTime(site: Site, name: string): number {
  const pid = firstProcess(site, name);
  if (pid === undefined) throw new Error(`host ${name} does not run any more; see its logs`);
  return statSync(`/proc/${pid}`).ctimeMs;
}

/** Runs a command inside a host. @throws Error when the host does not run */
export async function inHost(site: Site, name: string, command: readonly string[], input?: string): Promise<string> {
  const pid = firstProcess(site, name);
  if (pid === undefined) throw new Error(`host ${name} does not run; start it with \`up\``);
  const inside = ["--target", String(pid), "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"];
  return run(
    "nsenter",
    [...inside, "env", "--chdir=/", `PATH=${hostPath}`, ...command],
    input === undefined ? {} : { input },
  );
}

/** The control group of a host, below the root of each hierarchy. */
export function controlGroup(site: Site, name: string): string {
  return `/${site.bridge}/${name}`;
}

/** Polls until `met` or until the time, in milliseconds, is over. @returns whether it was met */
export async function until(met: () => boolean | Promise<boolean>, limit: number): Promise<boolean> {
  const end = Date.now() + limit;
  for (;;) {
    if (await met()) return true;
    if (Date.now() > end) return false;
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

/** The machine's end of the cable between a host and the bridge. */
function cableOf(site: Site, name: string): string {
  return `${site.bridge}-${hostAddress(site, name).split(".")[3]}`;
}

/** Removes the cable, which otherwise lasts as long as the kernel takes to clear the host's namespace. */
async function unplug(site: Site, name: string): Promise<void> {
  const cable = cableOf(site, name);
  const there = () => existsSync(`/sys/class/net/${cable}`);
  if (there()) await run("ip", ["link", "del", cable]).catch(() => undefined);
  await until(() => !there(), 5_000);
}

/** Gives the host its interface: a cable to the bridge. */
async function connect(site: Site, host: Host, pid: number): Promise<void> {
  const cable = cableOf(site, host.name);
  const inside = ["--target", String(pid), "--net"];
  await run("ip", ["link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", String(pid)]);
  await run("ip", ["link", "set", cable, "master", site.bridge, "up"]);
  const commands = [
    "link set lo up",
    // Always the same, or neighbours would send to the one before for a while after a restart.
    `link set eth0 address ${hardwareAddress(host.address)}`,
    `addr add ${host.address}/24 dev eth0`,
    "link set eth0 up",
    `route add default via ${site.gateway}`,
    ...(host.routing ?? []),
  ];
  await run("nsenter", [...inside, "ip", "-batch", "-"], { input: `${commands.join("\n")}\n` });
  await run("nsenter", [...inside, "sysctl", "-qw", "net.ipv4.ip_forward=1"]);
  if (host.firewall !== undefined) {
    await run("nsenter", [...inside, "nft", "--file", "-"], { input: host.firewall });
  }
  for (const [from, to] of Object.entries(host.redirects)) {
    const rule = ["PREROUTING", "-p", "tcp", "--dport", from, "-j", "REDIRECT", "--to-ports", String(to)];
    await run("nsenter", [...inside, "iptables", "-t", "nat", "-A", ...rule]);
  }
}

/** A locally administered hardware address with the IPv4 address in it. */
function hardwareAddress(address: string): string {
  const parts = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  return ["02", "00", ...parts].join(":");
}

/** The first process of a host that is being started, which is not s6 yet. */
function initOf(site: Site, name: string): number {
  for (const pid of processesIn(controlGroup(site, name))) {
    if (/^NSpid:\t\d+\t1$/m.test(read(`/proc/${pid}/status`))) return pid;
  }
  throw new Error(`host ${name} ended while it was being started; see ${join(site.folder, "run", `${name}.log`)}`);
}

/** Settings of the machine's environment that programs need to reach the outside. */
function passedOn(site: Site): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"]) {
    const value = process.env[name];
    if (value !== undefined && value !== "") passed[name] = value;
  }
  const direct = [site.hostsCidr, site.podsCidr, site.servicesCidr, "127.0.0.1", "localhost", ".svc", ".cluster.local"];
  const given = process.env.NO_PROXY ?? process.env.no_proxy;
  const noProxy = [...(given === undefined ? [] : [given]), ...direct].join(",");
  return { ...passed, NO_PROXY: noProxy, no_proxy: noProxy };
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
