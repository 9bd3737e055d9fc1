/** What tells how a machine is, as a process of this one: Debian's node exporter, and the program that writes what it reads. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { artifact } from "../../../bootstrap/artifact.ts";
import { packageVersion, unpackPackages } from "../../../bootstrap/debian.ts";
import { type HostFile, hostFiles } from "../../../components/servers/first-boot/index.ts";
import type { Fleet, MetricsIdentity } from "../../../components/servers/index.ts";
import type { Server } from "../../../components/servers/model.ts";
import { command } from "../../cluster/command.ts";
import { freePort } from "../../free-port.ts";

const PACKAGE = "prometheus-node-exporter";
const UNIT = `/etc/systemd/system/${PACKAGE}.service.d/roost.conf`;
/** Paths of the machine and of its kernel, by their beginnings: here they are below a folder of the test. */
const PLACES = ["/etc/roost/", "/var/lib/roost/", "/sys/block/", "/dev/md/", "/dev/disk/", "/dev/$"] as const;
const DEVICE = "md127";

/** Somebody who asks, with a certificate or without. */
type Asker = Pick<MetricsIdentity, "authority"> & Partial<MetricsIdentity>;

export class Exporter {
  readonly server: Server;
  log = "";
  private readonly folder: string;
  private readonly files: readonly HostFile[];
  private child: ChildProcess | undefined;

  private constructor(server: Server, folder: string, files: readonly HostFile[]) {
    this.server = server;
    this.folder = folder;
    this.files = files;
  }

  /** Puts the machine's files where its programs find them here. The machine listens on a free port. */
  static async prepare(described: Server, fleet: Fleet, metrics: MetricsIdentity): Promise<Exporter> {
    const folder = mkdtempSync(join(tmpdir(), "roost-exporter-"));
    const textfileDirectory = join(folder, "textfile");
    mkdirSync(textfileDirectory);
    const telemetry = { ...described.telemetry, nodeExporterPort: await freePort(), textfileDirectory };
    const server = { ...described, telemetry };
    const exporter = new Exporter(server, folder, hostFiles(server, fleet, { metrics }));
    const kept = exporter.files.filter(({ path }) => /^\/etc\/roost\/(metrics|pools\/|node-exporter\/)/.test(path));
    for (const { path, content } of kept) exporter.write(path, content);
    exporter.write("/var/lib/roost/integrity", "0\n");
    // A disk that answers that it is well.
    exporter.write("/bin/smartctl", "#!/bin/sh\n");
    chmodSync(exporter.here("/bin/smartctl"), 0o755);
    exporter.write(`/dev/${DEVICE}`, "");
    mkdirSync(exporter.here("/dev/md"));
    symlinkSync(exporter.here(`/dev/${DEVICE}`), exporter.here(`/dev/md/${exporter.array.name}`));
    exporter.setWorkingMembers(exporter.array.members);
    return exporter;
  }

  /** The machine's first array, and how many disks it has. */
  get array(): { readonly name: string; readonly members: number } {
    for (const { name, redundancy } of this.server.storage.pools)
      if (redundancy.kind === "md") return { name, members: redundancy.members.length };
    throw new Error(`${this.server.name} has no array`);
  }

  /** Has the kernel say that so many members of the array work. */
  setWorkingMembers(count: number): void {
    const md = `/sys/block/${DEVICE}/md`;
    rmSync(this.here(md), { recursive: true, force: true });
    this.write(`${md}/array_state`, "clean\n");
    this.write(`${md}/sync_action`, "idle\n");
    for (let at = 0; at < count; at += 1) {
      this.write(`/dev/member${at}`, "");
      this.write(`${md}/dev-member${at}/state`, "in_sync\n");
    }
  }

  /** Writes what node exporter cannot see by itself, by the machine's own program. */
  async writeMetrics(): Promise<void> {
    const program = this.written("/usr/local/sbin/roost-metrics");
    const localised = PLACES.reduce((all, there) => all.replaceAll(there, () => this.here(there)), program);
    await command("bash", ["-c", localised], { env: { PATH: `${this.here("/bin")}:${process.env.PATH}` } });
  }

  /** Runs it as its unit does. */
  async start(): Promise<void> {
    const unit = this.written(UNIT);
    for (const [, name = "", path = ""] of unit.matchAll(/^LoadCredential=([^:\n]+):(.+)$/gm)) {
      mkdirSync(join(this.folder, "credentials"), { recursive: true });
      copyFileSync(this.here(path), join(this.folder, "credentials", name));
    }
    const [, program = "", options = ""] = /^ExecStart=(\S+) (.+)$/m.exec(unit) ?? [];
    const words = options.replaceAll("%d", join(this.folder, "credentials")).split(" ");
    const packages = await artifact(PACKAGE, await packageVersion(PACKAGE), (made) => unpackPackages([PACKAGE], made));
    this.child = spawn(join(packages, program), words, { stdio: ["ignore", "ignore", "pipe"] });
    this.child.stderr?.on("data", (chunk) => {
      this.log += chunk;
    });
  }

  /** What it tells somebody who shows this certificate, and who verifies its own. */
  ask({ authority, certificate, privateKey }: Asker): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const tls = { ca: authority, cert: certificate, key: privateKey, agent: false };
    const asked = request(`${this.url("https")}/metrics`, tls, (response) => text(response).then(resolve, reject));
    asked.once("error", reject).end();
    return promise;
  }

  url(scheme: "https" | "http"): string {
    return `${scheme}://127.0.0.1:${this.server.telemetry.nodeExporterPort}`;
  }

  async remove(): Promise<void> {
    const { child } = this;
    if (child !== undefined && child.exitCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private written(path: string): string {
    const file = this.files.find((each) => each.path === path);
    if (file === undefined) throw new Error(`first boot writes no ${path}`);
    return file.content;
  }

  private here(path: string): string {
    return join(this.folder, path);
  }

  private write(path: string, content: string): void {
    mkdirSync(dirname(this.here(path)), { recursive: true });
    writeFileSync(this.here(path), content);
  }
}
