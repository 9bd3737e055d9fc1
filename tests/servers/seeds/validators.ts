/** Programs of others that read what first boot writes: each says what it would refuse. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { artifact, run } from "../../../bootstrap/artifact.ts";
import { installPackages, packageVersion, unpackPackages } from "../../../bootstrap/debian.ts";
import { PYTHON, pythonPackages } from "../../../bootstrap/python.ts";
import { attempt } from "../../cluster/command.ts";
import { kubeadm } from "../cluster/kubeadm.ts";

const LIBRARIES = ["configobj", "jinja2", "jsonpatch", "jsonschema", "netifaces", "oauthlib", "requests", "yaml"];

/** What cloud-init's own schema says of user data; nothing where it is right. */
export async function cloudInitComplaints(userData: string): Promise<string> {
  return inFolder({ "user-data": userData }, async (folder) => {
    const main = ["-m", "cloudinit.cmd.main", "schema", "--config-file", join(folder, "user-data")];
    const { code, stdout, stderr } = await attempt(PYTHON, main, { env: { PYTHONPATH: await cloudInit() } });
    return code === 0 && !/deprecat/i.test(stderr) ? "" : `${stdout}${stderr}`;
  });
}

/** What netplan says of a network; nothing where it is right. */
export async function netplanComplaints(network: string): Promise<string> {
  await installPackages({ "netplan.io": "netplan" });
  return inFolder({}, async (folder) => {
    mkdirSync(join(folder, "etc/netplan"), { recursive: true });
    writeFileSync(join(folder, "etc/netplan/50-roost.yaml"), network, { mode: 0o600 });
    const { code, stderr } = await attempt("netplan", ["generate", "--root-dir", folder]);
    if (code !== 0) return stderr;
    const generated = join(folder, "run/systemd/network");
    return existsSync(generated) && readdirSync(generated).length > 0 ? "" : `nothing was generated: ${stderr}`;
  });
}

/** What pykickstart says of a kickstart file for that release; nothing where it is right. */
export async function kickstartComplaints(file: string, release: "RHEL9"): Promise<string> {
  const packages = await pykickstart();
  const program = join(packages, "bin/ksvalidator");
  return inFolder({ "ks.cfg": file }, async (folder) => {
    const { code, stdout, stderr } = await attempt(PYTHON, [program, "--version", release, join(folder, "ks.cfg")], {
      env: { PYTHONPATH: packages },
    });
    return code === 0 ? "" : `${stdout}${stderr}`;
  });
}

/** What OpenSSH says of the settings that the file has, on top of its own. */
export async function sshdComplaints(settings: string): Promise<string> {
  await installPackages({ "openssh-server": "sshd" });
  return inFolder({ sshd_config: settings }, async (folder) => {
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
    mkdirSync("/run/sshd", { recursive: true });
    const options = ["-t", "-f", join(folder, "sshd_config"), "-h", join(folder, "key")];
    const { code, stderr } = await attempt("/usr/sbin/sshd", options);
    return code === 0 ? "" : stderr;
  });
}

/** What systemd says of units, with the programs that they start present or not. */
export async function unitComplaints(units: Readonly<Record<string, string>>): Promise<string> {
  return inFolder(units, async (folder) => {
    const files = Object.keys(units).map((name) => join(folder, name));
    const { stderr } = await attempt("systemd-analyze", ["verify", "--man=no", ...files]);
    // Programs and other units are on the machines, and not here.
    const lines = stderr.split("\n").filter((line) => line.includes(folder) || /roost/.test(line));
    return lines.filter((line) => !/is not executable|Failed to add dependency|not found/.test(line)).join("\n");
  });
}

/** What kubeadm says of the file that it begins a cluster with, or joins one; nothing where it is right. */
export async function kubeadmComplaints(file: string): Promise<string> {
  const program = await kubeadm();
  return inFolder({ "kubeadm.yaml": file }, async (folder) => {
    const { code, stderr } = await attempt(program, ["config", "validate", "--config", join(folder, "kubeadm.yaml")]);
    return code === 0 && !/deprecated|unknown field/.test(stderr) ? "" : stderr;
  });
}

/** What cloud-init makes of a network in OpenStack's format: its own, version 1. */
export async function networkFromOpenStack(networkData: object): Promise<unknown> {
  const program =
    "import json, sys; from cloudinit.sources.helpers.openstack import convert_net_json as convert; " +
    "print(json.dumps(convert(json.load(sys.stdin), known_macs={})))";
  const input = JSON.stringify(networkData);
  return JSON.parse(await run(PYTHON, ["-c", program], { env: { PYTHONPATH: await cloudInit() }, input }));
}

async function inFolder<Result>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "roost-seeds-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o600 });
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Cloud-init as Debian has it, unpacked and not installed: it would take this machine for a new one. */
async function cloudInit(): Promise<string> {
  const list = (name: string) => `/var/lib/dpkg/info/python3-${name}.list`;
  await installPackages(Object.fromEntries(LIBRARIES.map((name) => [`python3-${name}`, list(name)])));
  const folder = await artifact("cloud-init", await packageVersion("cloud-init"), (made) =>
    unpackPackages(["cloud-init"], made),
  );
  return join(folder, "usr/lib/python3/dist-packages");
}

async function pykickstart(): Promise<string> {
  await installPackages({ "python3-requests": "/usr/lib/python3/dist-packages/requests" });
  return pythonPackages("pykickstart", join(__dirname, "validators.lock"));
}
