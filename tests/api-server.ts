/** A Kubernetes API server of one test's own, on loopback: it judges objects as a cluster's would, and runs nothing. */
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install } from "../bootstrap/cluster/install.ts";
import { attempt, type CommandResult, eventually } from "./cluster/command.ts";
import { freePort } from "./free-port.ts";

export class ApiServer {
  private readonly folder: string;
  private readonly kubeconfig: string;
  private readonly processes: readonly ChildProcess[];

  private constructor(folder: string, processes: readonly ChildProcess[]) {
    this.folder = folder;
    this.kubeconfig = join(folder, "kubeconfig");
    this.processes = processes;
  }

  /** Starts etcd and the API server from the embedded cluster's programs, and waits until it answers. */
  static async start(): Promise<ApiServer> {
    const { built, unpacked } = await install();
    const folder = mkdtempSync(join(tmpdir(), "roost-api-server-"));
    const [clients, peers, port] = [await freePort(), await freePort(), await freePort()];
    const token = randomBytes(16).toString("hex");
    const file = (name: string) => join(folder, name);
    writeFileSync(file("tokens.csv"), `${token},tests,tests,system:masters\n`, { mode: 0o600 });
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(file("accounts.key"), privateKey.export({ type: "sec1", format: "pem" }), { mode: 0o600 });
    const etcd = bound(folder, join(unpacked, "usr/bin/etcd"), [
      `--data-dir=${file("etcd")}`,
      `--listen-client-urls=http://127.0.0.1:${clients}`,
      `--advertise-client-urls=http://127.0.0.1:${clients}`,
      `--listen-peer-urls=http://127.0.0.1:${peers}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peers}`,
      `--initial-cluster=default=http://127.0.0.1:${peers}`,
      // Nothing here outlives the test.
      "--unsafe-no-fsync",
    ]);
    const server = bound(folder, join(built, "bin/kube-apiserver"), [
      `--etcd-servers=http://127.0.0.1:${clients}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      "--endpoint-reconciler-type=none",
      `--secure-port=${port}`,
      `--cert-dir=${folder}`,
      `--token-auth-file=${file("tokens.csv")}`,
      "--authorization-mode=RBAC",
      `--service-account-key-file=${file("accounts.key")}`,
      `--service-account-signing-key-file=${file("accounts.key")}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      "--service-cluster-ip-range=10.96.0.0/24",
      "--disable-admission-plugins=ServiceAccount",
    ]);
    const api = new ApiServer(folder, [server, etcd]);
    try {
      await eventually("the API server answers", 120, async () => {
        writeFileSync(api.kubeconfig, kubeconfig(port, readFileSync(file("apiserver.crt"), "utf8"), token));
        const { code, stderr } = await api.kubectl(["get", "--raw", "/readyz"]);
        if (code !== 0) throw new Error(stderr);
        return true;
      });
    } catch (error) {
      api.stop();
      throw error;
    }
    return api;
  }

  kubectl(args: readonly string[], input?: string): Promise<CommandResult> {
    return attempt("kubectl", ["--kubeconfig", this.kubeconfig, ...args], input === undefined ? {} : { input });
  }

  /** Creates the objects, unknown fields refused. @returns what the server says against them; nothing where it takes all */
  async complaints(...objects: readonly object[]): Promise<string> {
    // One document each: of a list, kubectl would judge the fields itself.
    const documents = objects.map((object) => JSON.stringify(object)).join("\n---\n");
    const { code, stdout, stderr } = await this.kubectl(["create", "--validate=strict", "-f", "-"], documents);
    return code === 0 ? "" : `${stdout}${stderr}`;
  }

  stop(): void {
    for (const process of this.processes) process.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A program that the kernel ends when this process ends, however it ends; what it says is in the folder. */
function bound(folder: string, program: string, args: readonly string[]): ChildProcess {
  const log = createWriteStream(join(folder, "log"), { flags: "a" });
  const child = spawn("setpriv", ["--pdeathsig", "KILL", program, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  child.stderr?.pipe(log);
  return child;
}

/** The server has made a certificate for itself, which is all that the client trusts. */
function kubeconfig(port: number, certificate: string, token: string): string {
  const cluster = {
    server: `https://127.0.0.1:${port}`,
    "certificate-authority-data": Buffer.from(certificate).toString("base64"),
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "tests", cluster }],
    users: [{ name: "tests", user: { token } }],
    contexts: [{ name: "tests", context: { cluster: "tests", user: "tests" } }],
    "current-context": "tests",
  });
}
