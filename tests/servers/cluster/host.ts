import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { HostFile } from "../../../components/servers/index.ts";
import { attempt, command } from "../../cluster/command.ts";

const SWITCH = "roost-switch";
/** What a machine of a cluster has for itself, where the hosts of these tests share everything else. */
const OWN = ["/etc/kubernetes", "/var/lib/kubelet", "/var/lib/etcd"];

/** A switch that hosts are connected to, in a namespace of its own: nothing leads out of it. */
export async function switchOn(): Promise<void> {
  await switchOff();
  await command("ip", ["netns", "add", SWITCH]);
  await command("ip", ["-n", SWITCH, "link", "add", "lan", "type", "bridge"]);
  await command("ip", ["-n", SWITCH, "link", "set", "lan", "up"]);
}

export async function switchOff(): Promise<void> {
  await attempt("ip", ["netns", "del", SWITCH]);
}

/**
 * A machine without the machine: a network and folders of its own, and the processor itself instead of an emulated one.
 * What a cluster is begun and joined with runs in it as on a server; a kubelet that runs pods would not.
 */
export class Host {
  readonly name: string;
  private readonly folder: string;
  private readonly processes: ChildProcess[] = [];

  private constructor(name: string) {
    this.name = name;
    this.folder = mkdtempSync(join(tmpdir(), `roost-host-${name}-`));
  }

  /** @param addresses with the length of their network's prefix; the first is the machine's own */
  static async start(name: string, addresses: readonly string[]): Promise<Host> {
    const host = new Host(name);
    await host.connect(addresses);
    for (const path of OWN) mkdirSync(path, { recursive: true });
    await command("mount", ["--bind", host.folder, host.folder]);
    await command("mount", ["--make-private", host.folder]);
    const mounts = join(host.folder, "mounts");
    writeFileSync(mounts, "");
    await command("unshare", [`--mount=${mounts}`, "--propagation=private", "true"]);
    for (const path of OWN) await host.run("mount", "-t", "tmpfs", "-o", "mode=0700", "tmpfs", path);
    return host;
  }

  /** Puts files where they belong. Only those below the folders of its own can be. */
  async write(files: readonly HostFile[]): Promise<void> {
    for (const { path, content, mode = "0644" } of files) {
      if (!OWN.some((folder) => path.startsWith(`${folder}/`))) throw new Error(`${path} is no file of the host alone`);
      await this.run("mkdir", "-p", dirname(path));
      await this.input(content, "sh", "-c", 'umask 077; cat >"$1"; chmod "$2" "$1"', "sh", path, mode);
    }
  }

  run(program: string, ...args: readonly string[]): Promise<string> {
    return command("nsenter", this.inside([program, ...args]), { timeoutSeconds: 180 });
  }

  attempt(program: string, ...args: readonly string[]) {
    return attempt("nsenter", this.inside([program, ...args]), { timeoutSeconds: 180 });
  }

  input(text: string, program: string, ...args: readonly string[]): Promise<string> {
    return command("nsenter", this.inside([program, ...args]), { input: text });
  }

  /** Starts a program that runs until the host is removed. What it says is kept in `build/logs`. */
  start(program: string, args: readonly string[]): void {
    const logs = resolve("build", "logs");
    mkdirSync(logs, { recursive: true });
    const log = openSync(join(logs, `${this.name}-${program.split("/").at(-1)}.log`), "w");
    const bound = ["--pdeathsig", "KILL", "nsenter", ...this.inside([program, ...args])];
    this.processes.push(spawn("setpriv", bound, { stdio: ["ignore", log, log] }));
    closeSync(log);
  }

  async remove(): Promise<void> {
    for (const child of this.processes) child.kill("SIGKILL");
    await attempt("umount", [join(this.folder, "mounts")]);
    await attempt("umount", [this.folder]);
    await attempt("ip", ["netns", "del", this.namespace]);
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true });
  }

  private get namespace(): string {
    return `roost-${this.name}`;
  }

  private inside(line: readonly string[]): string[] {
    return [`--mount=${join(this.folder, "mounts")}`, `--net=/run/netns/${this.namespace}`, ...line];
  }

  private async connect(addresses: readonly string[]): Promise<void> {
    await attempt("ip", ["netns", "del", this.namespace]);
    await command("ip", ["netns", "add", this.namespace]);
    const [inner, outer] = ["eth0", this.name.slice(0, 15)];
    const ends = ["name", inner, "netns", this.namespace, "type", "veth", "peer", "name", outer, "netns", SWITCH];
    await command("ip", ["link", "add", ...ends]);
    await command("ip", ["-n", SWITCH, "link", "set", outer, "master", "lan", "up"]);
    for (const address of addresses) await command("ip", ["-n", this.namespace, "addr", "add", address, "dev", inner]);
    for (const link of ["lo", inner]) await command("ip", ["-n", this.namespace, "link", "set", link, "up"]);
  }
}
