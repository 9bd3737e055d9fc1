/**
 * The embedded cluster, for real: a second one beside whatever runs on this machine, with addresses and data of its own.
 * Needs root.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { bestOf, recordFigure, samplesUntil } from "../../tests/figures.ts";
import { unpackPackages } from "../debian.ts";
import { firstProcess } from "./host-processes.ts";
import { buildImage, pushImage } from "./image.ts";
import { machineRoutes, routesInto } from "./machine.ts";
import { registryUrl } from "./registry.ts";
import { controlPlane, nodeAddress, registryName, site } from "./site.ts";

jest.setTimeout(300_000);

const data = mkdtempSync(join(tmpdir(), "roost-cluster-"));
const network = freeNetwork();
const here = site(data, network);
const namespace = "try";
let image = "";

beforeAll(async () => {
  cluster("install");
  cluster("up");
  image = `${registryName}/busybox@${await pushImage(registryUrl(here), "busybox", await busybox())}`;
  apply({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  });
});

afterAll(() => {
  cluster("reset");
  rmSync(data, { recursive: true, force: true });
});

describe("a cluster that runs", () => {
  it("runs pods in a restricted namespace, and refuses those that ask for more", () => {
    apply(pod("plain", {}));
    ready("plain");
    expect(inPod("plain", "id -u").trim()).toBe("65532");
    const refused = kubectl(["apply", "--filename=-"], JSON.stringify(privileged()));
    expect(refused.stderr).toContain("violates PodSecurity");
  });

  it("resolves names of services", () => {
    expect(inPod("plain", "nslookup kubernetes.default.svc.cluster.local")).toContain(here.apiService);
  });

  it("refuses at once, every time, who connects to a service that nobody serves", () => {
    const spec = { selector: { name: "nobody" }, ports: [{ port: 80 }] };
    apply({ apiVersion: "v1", kind: "Service", metadata: { name: "nobody", namespace }, spec });
    const address = kubectl(["get", "service", "nobody", "--output=jsonpath={.spec.clusterIP}"]).stdout;
    // The kernel's own answer, "unreachable", comes once a second: of twenty attempts in a row, most would hear nothing.
    const attempts = `for i in $(seq 20); do ${get(address, 80)}; done 2>&1 | grep -c refused`;
    expect(inPod("plain", attempts).trim()).toBe("20");
  });

  it("lets nobody in without a certificate", () => {
    const [node] = Object.values(here.nodes);
    for (const url of [`https://${node}:6443/version`, `https://${node}:10250/pods`]) {
      const status = execFileSync("curl", ["-ks", "-o", "/dev/null", "-w", "%{http_code}", url]).toString();
      expect([url, status]).toEqual([url, "401"]);
    }
  });

  it("keeps Secrets encrypted in etcd", () => {
    apply({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "probe", namespace },
      stringData: { value: "plain-text-needle" },
    });
    const stored = spawnSync("grep", [
      "--recursive",
      "--binary-files=text",
      "--quiet",
      "plain-text-needle",
      join(here.folder, "node-1/etcd"),
    ]);
    expect(stored.status).toBe(1);
  });

  it("does what a NetworkPolicy says: the named may connect, others may not", () => {
    apply(
      pod("server", {
        command: "mkdir /tmp/www; echo served > /tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www",
      }),
    );
    apply(pod("friend", { labels: { role: "friend" } }));
    for (const name of ["server", "friend"]) ready(name);
    const address = kubectl(["get", "pod", "server", "--output=jsonpath={.status.podIP}"]).stdout;
    const fetch = get(`${address}`, 8080);
    eventually(() => expect(inPod("plain", fetch)).toContain("served"));
    apply({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "server", namespace },
      spec: {
        podSelector: { matchLabels: { name: "server" } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ podSelector: { matchLabels: { role: "friend" } } }], ports: [{ port: 8080 }] }],
      },
    });
    eventually(() => expect(tryInPod("plain", fetch)).not.toBe(0));
    expect(inPod("friend", fetch)).toContain("served");
    const registry = get(here.registry, 5000);
    expect(inPod("plain", registry)).toContain("HTTP/1");
    expect(tryInPod("server", registry)).not.toBe(0);
  });

  it("has services that keep running, but for a new start or two while they wait for each other", () => {
    const restarts = [...cluster("status").matchAll(/^ {2}(\S+) .*restarts: (\d+)$/gm)];
    expect(restarts.filter(([, , times]) => Number(times) > 2).map(([line]) => line)).toEqual([]);
  });

  it("serves a NodePort below 1024 to this machine", () => {
    apply(
      pod("door", { command: "mkdir /tmp/www; echo open > /tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www" }),
    );
    ready("door");
    apply({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "door", namespace },
      spec: { type: "NodePort", selector: { name: "door" }, ports: [{ port: 443, targetPort: 8080, nodePort: 443 }] },
    });
    const [node] = Object.values(here.nodes);
    eventually(() =>
      expect(spawnSync("curl", ["-s", "-m", "3", `http://${node}:443/`]).stdout.toString()).toBe("open\n"),
    );
  });
});

describe("a cluster that is stopped and started", () => {
  it("starts in less than a minute, with the data of its volumes", async () => {
    apply({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data", namespace },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "16Mi" } } },
    });
    apply(pod("keeper", { claim: "data" }));
    ready("keeper");
    inPod("keeper", "echo kept > /data/file");
    const samples = await samplesUntil({ limit: 60, attempts: 2 }, async () => {
      cluster("down");
      expect(leftOnMachine()).toEqual([]);
      return startSeconds();
    });
    recordFigure("e2e", "cluster_start_seconds", bestOf(samples, "stopped, with data"));
    expect(Math.min(...samples)).toBeLessThan(60);
    eventually(() => expect(inPod("keeper", "cat /data/file")).toBe("kept\n"));
  });

  it("ends containers in order when it stops", () => {
    apply(
      pod("orderly", {
        claim: "data",
        command: "trap 'echo ended > /data/end; exit' TERM; while :; do sleep 0.2; done",
      }),
    );
    ready("orderly");
    cluster("down");
    cluster("up");
    eventually(() => expect(inPod("keeper", "cat /data/end")).toBe("ended\n"));
  });

  it("comes up again after its processes were killed", () => {
    for (const pid of processes()) spawnSync("kill", ["-KILL", pid]);
    cluster("up");
    eventually(() => expect(inPod("keeper", "cat /data/file")).toBe("kept\n"));
  });

  it("changes nothing when it is up already", () => {
    const before = processes().length;
    cluster("up");
    expect(Math.abs(processes().length - before)).toBeLessThan(10);
  });

  it("takes the machine's other name servers without a new start", () => {
    const before = firstProcess(here, controlPlane);
    const settings = "nameserver 192.0.2.53\n";
    writeFileSync(join(data, "resolv.conf"), settings);
    const elsewhere = `mount --bind ${join(data, "resolv.conf")} /etc/resolv.conf && exec "$@"`;
    withTools("unshare", "--mount", "sh", "-c", elsewhere, "sh", "node", "bootstrap/cluster/main.ts", "up");
    expect(firstProcess(here, controlPlane)).toBe(before);
    expect(readFileSync(`/proc/${before}/root/etc/resolv.conf`, "utf8")).toBe(settings);
  });
});

describe("a cluster that is removed", () => {
  it("leaves nothing on the machine", () => {
    const volumes = join(here.folder, "node-1/volumes");
    expect(readdirSync(volumes)).toHaveLength(1);
    cluster("names", "try", `${here.bridge}.test`);
    expect(readFileSync("/etc/hosts", "utf8")).toContain(`${nodeAddress(here)} ${here.bridge}.test # stack try\n`);
    cluster("reset");
    expect(leftOnMachine()).toEqual([]);
    expect(readFileSync("/etc/hosts", "utf8")).not.toContain(here.bridge);
    expect(existsSync(here.folder) || existsSync(here.registryFolder)).toBe(false);
  });
});

/** Numbers that the machine has no network for: by this process, since several of these tests may run at once. */
function freeNetwork(): string {
  const routes = machineRoutes();
  for (let tried = 0; tried < 50; tried += 1) {
    const candidate = `10.${20 + 3 * ((process.pid + tried) % 50)}`;
    if (routesInto(site(data, candidate), routes).taken.length === 0) return candidate;
  }
  throw new Error("The machine has networks wherever the test could have one.");
}

/** Interfaces, mounts, firewall rules, control groups and processes of this cluster. */
function leftOnMachine(): string[] {
  const seen = [
    execFileSync("ip", ["-brief", "link"]),
    execFileSync("ip", ["netns"]),
    execFileSync("iptables-save"),
    readFileSync("/proc/mounts"),
    execFileSync("find", ["/sys/fs/cgroup", "-maxdepth", "3", "-name", here.bridge]),
  ];
  const lines = seen.flatMap((text) => text.toString().split("\n"));
  return [...lines.filter((line) => line.includes(here.bridge) || line.includes(data)), ...processes()];
}

/** Processes that are in a control group of this cluster. */
function processes(): string[] {
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cgroup`, "utf8").includes(`/${here.bridge}/`);
    } catch {
      return false;
    }
  });
}

/** Starts the cluster, and tells how long that took by its own account: its command has tools to look after before. */
function startSeconds(): number {
  const told = cluster("up");
  const seconds = /cluster: ready after ([\d.]+) s/.exec(told)?.[1];
  if (seconds === undefined) throw new Error(`no time was told: ${told}`);
  return Number(seconds);
}

/** What the command printed. */
function cluster(...words: readonly string[]): string {
  return withTools("node", "bootstrap/cluster/main.ts", ...words);
}

/** The same of any command that is given the project's tools and this cluster. */
function withTools(...words: readonly string[]): string {
  const env = { ...process.env, ROOST_DATA: data, ROOST_NETWORK: network, NODE_NO_WARNINGS: "1" };
  const { status, stdout, stderr } = spawnSync("bootstrap/run", words, {
    env,
  });
  if (status !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
  return `${stdout}${stderr}`;
}

function kubectl(args: readonly string[], input = ""): { stdout: string; stderr: string; status: number | null } {
  const env = { ...process.env, KUBECONFIG: here.kubeconfig };
  const command = ["kubectl", `--namespace=${namespace}`, ...args];
  const { stdout, stderr, status } = spawnSync("bootstrap/run", command, { env, input, encoding: "utf8" });
  return { stdout, stderr, status };
}

function apply(object: object): void {
  const { status, stderr } = kubectl(["apply", "--filename=-"], JSON.stringify(object));
  if (status !== 0) throw new Error(stderr);
}

function ready(name: string): void {
  const { status, stderr } = kubectl(["wait", "--for=condition=Ready", `pod/${name}`, "--timeout=90s"]);
  if (status !== 0) throw new Error(stderr + kubectl(["describe", "pod", name]).stdout);
}

function inPod(name: string, script: string): string {
  const { status, stdout, stderr } = kubectl(["exec", name, "--", "/bin/busybox", "sh", "-c", script]);
  if (status !== 0) throw new Error(`${name}: ${script}: ${stderr}`);
  return stdout;
}

function tryInPod(name: string, script: string): number | null {
  return kubectl(["exec", name, "--", "/bin/busybox", "sh", "-c", script]).status;
}

function eventually(check: () => void): void {
  const end = Date.now() + 30_000;
  for (;;) {
    try {
      check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      spawnSync("sleep", ["0.5"]);
    }
  }
}

/** A command that prints what a web server answers, and fails when it cannot connect. */
function get(address: string, port: number): string {
  return `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 3 ${address} ${port}`;
}

interface PodOptions {
  readonly labels?: Record<string, string>;
  /** What its shell runs. @default it waits */
  readonly command?: string;
  readonly claim?: string;
}

function pod(name: string, { labels, command = "exec sleep 100000", claim }: PodOptions): object {
  const volumes = [
    { name: "tmp", emptyDir: {} },
    ...(claim === undefined ? [] : [{ name: "data", persistentVolumeClaim: { claimName: claim } }]),
  ];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { name, ...labels } },
    spec: {
      terminationGracePeriodSeconds: 2,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        fsGroup: 65532,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name,
          image,
          command: ["/bin/busybox", "sh", "-c", command],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: volumes.map((volume) => ({ name: volume.name, mountPath: `/${volume.name}` })),
        },
      ],
      volumes,
    },
  };
}

function privileged(): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "privileged", namespace },
    spec: { containers: [{ name: "privileged", image, securityContext: { privileged: true } }] },
  };
}

/** A shell and the usual commands in one static program, which Debian has. */
async function busybox() {
  const folder = join(data, "busybox");
  mkdirSync(folder);
  await unpackPackages(["busybox-static"], folder);
  return buildImage({ programs: { "/bin/busybox": join(folder, "bin/busybox") }, entrypoint: ["/bin/busybox"] });
}
