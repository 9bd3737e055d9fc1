/**
 * Becomes a host: started by host-processes.ts as `node host-init.ts enter|inside <file with HostStart>`. `enter` joins
 * the host's control groups and goes into new namespaces; `inside` is their first process: it puts the root file system
 * together, waits for a line on standard input (the network is made from outside), and turns into s6.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import {
  type ControlGroupHierarchy,
  enterControlGroup,
  hierarchies,
  openUnifiedControlGroup,
} from "./control-groups.ts";
import { type Host, type HostStart, hostPath, resolvConf, resolvFile, serviceFiles, serviceFolder } from "./host.ts";

const [stage, startFile] = process.argv.slice(2);
if (startFile === undefined || process.execve === undefined) throw new Error("host-init.ts is started by `up`");
const start: HostStart = JSON.parse(readFileSync(startFile, "utf8"));

if (stage === "enter") enter(start, process.argv[1] ?? "", startFile);
else becomeHost(start);

function enter(start: HostStart, program: string, file: string): void {
  for (const hierarchy of hierarchies()) enterControlGroup(hierarchy, start.controlGroup);
  const namespaces = ["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--fork"];
  execute(
    "unshare",
    [...namespaces, "--propagation", "private", process.execPath, program, "inside", file],
    process.env,
  );
}

function becomeHost({ host, root, env }: HostStart): void {
  const groups = hierarchies();
  mount("-t", "tmpfs", "-o", "mode=755", "roost", root);
  showMachine(root);
  mountKernel(root, groups);
  for (const path of ["root", "tmp", "run", "var/tmp", "var/log", "mnt", "opt"])
    mkdirSync(join(root, path), { recursive: true });
  mount("-t", "tmpfs", "-o", "mode=1777", "roost", join(root, "tmp"));
  mount("-t", "tmpfs", "-o", "mode=755", "roost", join(root, "run"));
  symlinkSync("/run", join(root, "var/run"));
  for (const [path, folder] of Object.entries(host.programs)) bind(folder, join(root, path), true);
  for (const [path, folder] of Object.entries(host.folders)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    bind(folder, join(root, path), false);
  }
  writeFiles(root, host);
  goInto(root);
  writeFileSync("/proc/sys/kernel/hostname", host.name);
  openUnifiedControlGroup(groups);
  writeSync(1, "ready\n");
  if (readSync(0, Buffer.alloc(1)) !== 1) process.exit(1);
  // s6 must not inherit the signal settings that this process has changed.
  execute("env", ["--default-signal", "s6-svscan", serviceFolder], { ...env, PATH: hostPath });
}

/** The machine's programs, read-only, and the few of its settings that programs want. */
function showMachine(root: string): void {
  for (const name of ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"]) {
    const path = `/${name}`;
    if (!existsSync(path)) continue;
    if (lstatSync(path).isSymbolicLink()) symlinkSync(readlinkSync(path), join(root, name));
    else bind(path, join(root, name), true);
  }
  mkdirSync(join(root, "etc"));
  const shown = ["alternatives", "ca-certificates", "ca-certificates.conf", "group", "ld.so.cache", "nsswitch.conf"];
  for (const name of [...shown, "os-release", "passwd", "protocols", "services", "ssl"]) {
    const path = join("/etc", name);
    if (!existsSync(path)) continue;
    if (statSync(path).isDirectory()) bind(path, join(root, path), true);
    else copyFileSync(path, join(root, path));
  }
}

/** Views of the kernel that belong to the host's own namespaces; devices are the machine's. */
function mountKernel(root: string, groups: readonly ControlGroupHierarchy[]): void {
  for (const path of ["proc", "sys", "dev"]) mkdirSync(join(root, path));
  mount("-t", "proc", "proc", join(root, "proc"));
  mount("-t", "sysfs", "sysfs", join(root, "sys"));
  mount("--rbind", "/dev", join(root, "dev"));
  mount("-t", "tmpfs", "-o", "mode=1777", "roost", join(root, "dev/shm"));
  if (groups.every(({ unified }) => !unified))
    mount("-t", "tmpfs", "-o", "mode=755", "roost", join(root, "sys/fs/cgroup"));
  for (const { path, unified, options } of groups) {
    mkdirSync(join(root, path), { recursive: true });
    if (unified) mount("-t", "cgroup2", "cgroup", join(root, path));
    else mount("-t", "cgroup", "-o", options, "cgroup", join(root, path));
  }
  if (groups.some(({ unified }) => unified)) return;
  for (const name of readdirSync("/sys/fs/cgroup")) {
    const path = join("/sys/fs/cgroup", name);
    if (lstatSync(path).isSymbolicLink()) symlinkSync(readlinkSync(path), join(root, path));
  }
}

function writeFiles(root: string, host: Host): void {
  for (const [path, content] of Object.entries(host.files)) write(join(root, path), content, 0o600);
  write(join(root, resolvFile), resolvConf(host), 0o644);
  chmodSync(join(root, "etc"), 0o755);
  chmodSync(join(root, "etc/hosts"), 0o644);
  for (const [name, service] of Object.entries(host.services)) {
    for (const [path, content] of Object.entries(serviceFiles(name, service))) {
      write(join(root, serviceFolder, name, path), content, 0o700);
    }
  }
}

function write(file: string, content: string, mode: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { mode });
}

/** Leaves the machine's file system; mounts made from now on are seen by the host's containers, as the kubelet wants. */
function goInto(root: string): void {
  process.chdir(root);
  mkdirSync(".machine");
  execFileSync("pivot_root", [".", ".machine"]);
  process.chdir("/");
  execFileSync("umount", ["-l", "/.machine"]);
  execFileSync("rmdir", ["/.machine"]);
  mount("--make-rshared", "/");
}

function bind(from: string, to: string, readOnly: boolean): void {
  mkdirSync(to, { recursive: true });
  mount("--bind", from, to);
  if (readOnly) mount("-o", "remount,bind,ro", to);
}

function mount(...args: string[]): void {
  execFileSync("mount", args, { stdio: ["ignore", "ignore", "inherit"] });
}

function execute(program: string, args: readonly string[], env: NodeJS.ProcessEnv): never {
  const path = (env.PATH ?? "").split(":").find((folder) => existsSync(join(folder, program)));
  if (path === undefined || process.execve === undefined) throw new Error(`${program} is not installed`);
  process.execve(join(path, program), [program, ...args], env);
  throw new Error(`${program} could not be started`);
}
