import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { command, eventually } from "../cluster/command.ts";
import { freePort } from "../free-port.ts";
import { copySparse, Disk } from "./disk.ts";
import type { Lan } from "./lan.ts";
import { Monitor } from "./monitor.ts";
import { spawnBound } from "./process.ts";
import { type NoCloudSeed, writeSeedImage } from "./seed.ts";
import { type Login, SecureShell } from "./shell.ts";
import { SoftwareTpm } from "./tpm.ts";

export interface GuestArgs {
  readonly name: string;
  /** The root file system that it begins with, which stays as it is. */
  readonly image: string;
  readonly seed: NoCloudSeed;
  /** Somebody whom the seed lets in, who may become root. */
  readonly login: Login;
  /** Sizes of its data disks in MiB, by serial number. @default none */
  readonly disks?: Readonly<Record<string, number>>;
  /** The network of its second card. @default it has only the card that the tests use */
  readonly lan?: Lan;
  /** @default false */
  readonly tpm?: boolean;
  /** @default 1024 */
  readonly memoryMiB?: number;
}

/** A running machine, kept: it goes on from there as often as one likes, without booting. */
export interface Checkpoint {
  readonly folder: string;
  readonly disks: readonly Disk[];
  readonly slots: readonly (Disk | undefined)[];
}

/** How a boot ended. */
export interface Boot {
  /** Until it could be signed in to. */
  readonly secondsToShell: number;
  /** Until cloud-init and all units were done. */
  readonly secondsToEnd: number;
  readonly failedUnits: readonly string[];
  /** What cloud-init complained about. */
  readonly cloudInitErrors: readonly string[];
}

/** Addresses of a guest's network cards: the one that the tests use, the one in the {@link Lan}. */
export const guestMacs = ["52:54:00:00:00:01", "52:54:00:00:00:02"] as const;

/** As many as there is room for on the root bus, whose last slot is the chipset's. */
const SLOTS = 15;
/** Each takes a gigabyte and a processor of the machine that all tests share. */
const MOST_GUESTS = Number(process.env.ROOST_GUESTS ?? 1);
const BOOT_SECONDS = 600;
const MOST_BOOTS = 3;
const running = new Set<Guest>();

/** A machine of emulated hardware: disks that can be pulled and pushed, two network cards, a TPM, a power switch. */
export class Guest {
  readonly name: string;
  /** What it printed on its serial console, over all its boots. */
  readonly consoleFile: string;
  private readonly args: GuestArgs;
  private readonly folder: string;
  /** For sockets, whose paths must be short. */
  private readonly socketFolder: string;
  private readonly tpm: SoftwareTpm | undefined;
  private readonly disks = new Map<string, Disk>();
  /** What is in the bays that disks are pulled from and pushed into. */
  private slots: (Disk | undefined)[] = Array<undefined>(SLOTS).fill(undefined);
  private root: Disk | undefined;
  private machine: Machine | undefined;

  constructor(args: GuestArgs) {
    this.args = args;
    this.name = args.name;
    this.folder = resolve("build", "servers", args.name);
    this.socketFolder = mkdtempSync(join(tmpdir(), "roost-guest-"));
    this.consoleFile = resolve("build", "logs", `server-${args.name}.log`);
    if (args.tpm === true) this.tpm = new SoftwareTpm(join(this.folder, "tpm"), this.socketFolder);
  }

  /** Builds the machine from new parts, without switching it on. */
  async build(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.consoleFile, { force: true });
    mkdirSync(this.folder, { recursive: true });
    mkdirSync(resolve("build", "logs"), { recursive: true });
    this.root = await Disk.copyOf(this.args.image, "root", join(this.folder, "root.raw"));
    await writeSeedImage(this.args.seed, join(this.folder, "seed.iso"));
    Object.entries(this.args.disks ?? {}).forEach(([serial, sizeMiB], slot) => {
      this.slots[slot] = this.newDisk(serial, sizeMiB);
    });
  }

  /** A blank disk, which is not in the machine yet. */
  newDisk(serial: string, sizeMiB: number): Disk {
    const disk = Disk.blank(serial, join(this.folder, `${serial}.raw`), sizeMiB);
    this.disks.set(serial, disk);
    return disk;
  }

  /** The disk of that serial number, in the machine or not. */
  disk(serial: string): Disk {
    const disk = this.disks.get(serial);
    if (disk === undefined) throw new Error(`${this.name} never had a disk ${serial}`);
    return disk;
  }

  /**
   * Switches it on and waits until it has booted. Two emulated processors now and then run an instruction that one of them
   * is changing, and the kernel panics: that is the emulator's fault, not the machine's, which is switched on again.
   */
  async boot(): Promise<Boot> {
    for (let attempt = 1; ; attempt += 1) {
      const before = this.console.length;
      try {
        return await this.bootOnce(() => this.unlessPanicked(before));
      } catch (error) {
        if (attempt === MOST_BOOTS || !this.console.slice(before).includes("Oops: int3")) throw error;
        await this.cutPower();
      }
    }
  }

  /** Writes what a unit has said in this boot beside what the console showed. */
  private async keepJournal(unit: string): Promise<void> {
    const { stdout } = await this.shell.attempt(`sudo journalctl --boot --no-pager --lines=100 --unit=${unit}`);
    appendFileSync(this.consoleFile, `\n${stdout}\n`);
  }

  private unlessPanicked(before: number): void {
    const { child } = this.on;
    if (this.console.slice(before).includes("Kernel panic"))
      throw new Error(`${this.name}: the kernel has panicked, in process ${child.pid} of the emulator`);
  }

  private async bootOnce(alive: () => void): Promise<Boot> {
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    await this.loadKernel();
    await this.powerOn();
    const { shell } = this;
    await shell.connect(BOOT_SECONDS, alive);
    const secondsToShell = seconds();
    const { errors } = await eventually("the end of cloud-init", BOOT_SECONDS, async () => {
      alive();
      // `cloud-init status --wait` returns early when a stage fails.
      // A seed may turn it off once it has been read.
      const off = "test -e /etc/cloud/cloud-init.disabled -a ! -e /run/cloud-init/enabled";
      const { code, stdout } = await shell.attempt(`cat /run/cloud-init/result.json || ${off}`);
      if (code !== 0) return undefined;
      return stdout === "" ? { errors: [] } : cloudInitResult.parse(JSON.parse(stdout)).v1;
    });
    await shell.attempt("systemctl is-system-running --wait", { timeoutSeconds: BOOT_SECONDS });
    const failed = await shell.attempt("systemctl list-units --failed --plain --no-legend");
    const failedUnits = failed.stdout.split("\n").flatMap((line) => line.split(" ")[0] || []);
    for (const unit of failedUnits) await this.keepJournal(unit);
    return {
      secondsToShell,
      secondsToEnd: seconds(),
      failedUnits,
      cloudInitErrors: errors,
    };
  }

  /** Commands in the running guest. */
  get shell(): SecureShell {
    return this.on.shell;
  }

  /** Port of this machine's loopback that leads to its SSH, for programs that sign in by themselves. */
  get sshPort(): number {
    return this.on.port;
  }

  /** What the serial console showed so far. */
  get console(): string {
    return existsSync(this.consoleFile) ? readFileSync(this.consoleFile, "utf8") : "";
  }

  /** Seconds that the processors have worked for it since it was switched on: unlike a clock's, the same on a busy machine. */
  processorSeconds(): number {
    const stat = readFileSync(`/proc/${this.on.child.pid}/stat`, "utf8");
    // User and system time in hundredths of a second: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const [user = Number.NaN, system = Number.NaN] = stat.slice(stat.lastIndexOf(")")).split(" ").slice(12).map(Number);
    return (user + system) / 100;
  }

  /** Lets it end in order. */
  async shutDown(): Promise<void> {
    const { ended } = this.on;
    await this.shell.attempt("sudo systemctl poweroff");
    await within(ended, 180, `${this.name} did not shut down`);
    this.switchedOff();
  }

  /** Pulls the plug: what the guest has not written to its disks is lost. */
  async cutPower(): Promise<void> {
    if (this.machine === undefined) return;
    this.machine.child.kill("SIGKILL");
    await this.machine.ended;
    this.switchedOff();
  }

  /** Takes a disk out, running or not. */
  async pull(disk: Disk): Promise<void> {
    const slot = this.slots.indexOf(disk);
    if (slot < 0) throw new Error(`${disk.serial} is not in ${this.name}`);
    if (this.machine !== undefined) {
      const { monitor } = this.machine;
      const gone = monitor.event(
        `the removal of ${disk.serial}`,
        ({ event, data }) => event === "DEVICE_DELETED" && data?.device === deviceOf(disk),
        60,
      );
      await Promise.all([gone, monitor.execute("device_del", { id: deviceOf(disk) })]);
      await monitor.execute("blockdev-del", { "node-name": nodeOf(disk) });
    }
    this.slots[slot] = undefined;
  }

  /** Puts a disk into the first free bay, running or not. */
  async push(disk: Disk): Promise<void> {
    const slot = this.slots.indexOf(undefined);
    if (slot < 0) throw new Error(`${this.name} has no free bay`);
    if (this.machine !== undefined) {
      await this.machine.monitor.execute("blockdev-add", blockNode(disk));
      await this.machine.monitor.execute("device_add", blockDevice(disk, slot));
    }
    this.slots[slot] = disk;
  }

  /** Keeps memory and disks of the running machine, which then goes on. */
  async checkpoint(name: string): Promise<Checkpoint> {
    const { monitor } = this.on;
    const folder = join(this.folder, `checkpoint-${name}`);
    mkdirSync(folder, { recursive: true });
    await monitor.execute("stop");
    await monitor.execute("migrate-set-parameters", { "max-bandwidth": 2 ** 34 });
    await monitor.execute("migrate", { uri: `exec:cat >${join(folder, "memory")}` });
    await eventually(`the checkpoint ${name}`, 120, async () => {
      const { status } = migration.parse(await monitor.execute("query-migrate"));
      if (status === "failed") throw new Error("the emulator could not write the machine's memory");
      return status === "completed" || undefined;
    });
    const disks = [...this.disks.values()];
    for (const disk of this.allDisks(disks)) await copySparse(disk.file, join(folder, `${disk.serial}.raw`));
    await monitor.execute("cont");
    return { folder, disks, slots: [...this.slots] };
  }

  /** Goes on from a checkpoint, whatever has happened since. */
  async restore(checkpoint: Checkpoint): Promise<void> {
    await this.cutPower();
    for (const disk of this.allDisks(checkpoint.disks)) {
      await copySparse(join(checkpoint.folder, `${disk.serial}.raw`), disk.file);
    }
    this.slots = [...checkpoint.slots];
    await this.powerOn("-incoming", `exec:cat ${join(checkpoint.folder, "memory")}`);
    const { monitor } = this.on;
    await eventually("the machine's memory", 120, async () => {
      const { status } = runState.parse(await monitor.execute("query-status"));
      return status === "inmigrate" ? undefined : true;
    });
    await monitor.execute("cont");
    await this.shell.connect(120, () => this.on);
  }

  /** Takes the machine away, with all that was made for it but its console's log. */
  async remove(): Promise<void> {
    await this.cutPower();
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.socketFolder, { recursive: true, force: true });
  }

  private async powerOn(...more: string[]): Promise<void> {
    if (this.machine !== undefined) throw new Error(`${this.name} is switched on already`);
    if (running.size >= MOST_GUESTS) {
      throw new Error(`${running.size} guests run already, and ROOST_GUESTS allows ${MOST_GUESTS}.`);
    }
    const port = await freePort();
    const { lan } = this.args;
    const device = lan?.newDevice();
    const tpm = (await this.tpm?.start()) ?? [];
    const child = spawnBound("qemu-system-x86_64", [...this.hardware(port, device), ...tpm, ...more]);
    const monitor = new Monitor(child.stdout, child.stdin);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    let complaints = "";
    child.stderr.on("data", (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    child.on("error", (error) => {
      complaints += error.message;
      end();
    });
    child.on("close", () => {
      monitor.close(new Error(`${this.name}: the emulator has ended: ${complaints}`));
      end();
    });
    running.add(this);
    this.machine = { child, monitor, ended, port, shell: new SecureShell(this.args.login, port, this.socketFolder) };
    await monitor.execute("qmp_capabilities");
    if (lan !== undefined && device !== undefined) await lan.plug(device);
  }

  /** What a boot loader does: finds the newest kernel on the root disk, and the RAM disk that the guest made for it. */
  private async loadKernel(): Promise<void> {
    const debugfs = (request: string) => command("debugfs", ["-R", request, join(this.folder, "root.raw")]);
    const names = (await debugfs("ls -p /boot")).split("/");
    for (const file of ["vmlinuz", "initrd.img"]) {
      const newest = names
        .filter((name) => name.startsWith(`${file}-`) && !name.endsWith(".dpkg-bak"))
        .sort()
        .at(-1);
      if (newest === undefined) throw new Error(`${this.name} has no ${file} on its root disk`);
      await debugfs(`dump /boot/${newest} ${join(this.folder, file)}`);
    }
  }

  private hardware(port: number, lanDevice: string | undefined): string[] {
    const root = this.root;
    if (root === undefined) throw new Error(`${this.name} has not been built`);
    const [management, private_] = guestMacs;
    const bays = this.slots.flatMap((disk, slot) => [
      ...[
        "-device",
        // Disks use no I/O ports, of which there would be too few for so many bays.
        `pcie-root-port,id=bay${slot},chassis=${slot + 1},slot=${slot + 1},addr=${(16 + slot).toString(16)},io-reserve=0`,
      ],
      ...(disk === undefined
        ? []
        : ["-blockdev", JSON.stringify(blockNode(disk)), "-device", JSON.stringify(blockDevice(disk, slot))]),
    ]);
    return [
      ...["-name", this.name, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
      // Emulated string instructions work byte by byte where the processor says that it is good at these.
      ...["-machine", "q35", "-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max,erms=off,fsrm=off,la57=off"],
      ...["-smp", "2", "-m", `${this.args.memoryMiB ?? 1024}`],
      ...[
        "-kernel",
        join(this.folder, "vmlinuz"),
        "-initrd",
        join(this.folder, "initrd.img"),
        "-append",
        "root=LABEL=root ro console=ttyS0 mitigations=off",
      ],
      ...["-chardev", "stdio,id=qmp,signal=off", "-mon", "chardev=qmp,mode=control"],
      ...["-chardev", `file,id=console,path=${this.consoleFile},append=on`, "-serial", "chardev:console"],
      ...["-device", "virtio-rng-pci,addr=3"],
      ...["-blockdev", JSON.stringify(blockNode(root)), "-device", "virtio-blk-pci,drive=disk-root,serial=root,addr=4"],
      ...["-blockdev", `driver=raw,node-name=seed,read-only=on,file.driver=file,file.filename=${this.folder}/seed.iso`],
      ...["-device", "virtio-blk-pci,drive=seed,serial=seed,addr=5"],
      ...["-netdev", `user,id=management,restrict=on,hostfwd=tcp:127.0.0.1:${port}-:22`],
      ...["-device", `virtio-net-pci,netdev=management,mac=${management},romfile=,addr=6`],
      ...(lanDevice === undefined
        ? []
        : [
            ...["-netdev", `tap,id=lan,ifname=${lanDevice},script=no,downscript=no`],
            ...["-device", `virtio-net-pci,netdev=lan,mac=${private_},romfile=,addr=7`],
          ]),
      ...bays,
    ];
  }

  private get on(): Machine {
    const { machine } = this;
    if (machine === undefined) throw new Error(`${this.name} is switched off`);
    if (machine.child.exitCode !== null || machine.child.signalCode !== null) {
      const printed = this.console.split("\n").slice(-30).join("\n");
      throw new Error(`${this.name} has ended by itself. Its console showed:\n${printed}`);
    }
    return machine;
  }

  private switchedOff(): void {
    this.machine?.shell.close();
    this.tpm?.stop();
    this.machine = undefined;
    running.delete(this);
  }

  private allDisks(disks: readonly Disk[]): Disk[] {
    return [...(this.root === undefined ? [] : [this.root]), ...disks];
  }
}

interface Machine {
  readonly child: ChildProcessWithoutNullStreams;
  readonly monitor: Monitor;
  /** Fulfilled when the emulator has ended. */
  readonly ended: Promise<void>;
  readonly port: number;
  readonly shell: SecureShell;
}

const cloudInitResult = z.object({ v1: z.object({ errors: z.array(z.string()) }) });
const migration = z.object({ status: z.string().optional() });
const runState = z.object({ status: z.string() });

const nodeOf = (disk: Disk) => `disk-${disk.serial}`;
const deviceOf = (disk: Disk) => `bay-${disk.serial}`;

/** The file behind a disk. What the guest has written is in this machine's page cache, and survives a killed emulator. */
function blockNode(disk: Disk) {
  return {
    driver: "raw",
    "node-name": nodeOf(disk),
    discard: "unmap",
    cache: { direct: false, "no-flush": true },
    file: { driver: "file", filename: disk.file },
  };
}

function blockDevice(disk: Disk, slot: number) {
  return {
    driver: "virtio-blk-pci",
    id: deviceOf(disk),
    drive: nodeOf(disk),
    serial: disk.serial,
    bus: `bay${slot}`,
  };
}

async function within(promise: Promise<void>, seconds: number, otherwise: string): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`${otherwise} within ${seconds} s.`)), seconds * 1000);
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
