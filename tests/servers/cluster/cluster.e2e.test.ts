/**
 * Machines that become a cluster by what their seeds say: real kubeadm, etcd, API server and controllers, each machine in a
 * network and folders of its own. Pods do not run: for that the machines would have to be emulated, which is too slow here.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { parse } from "yaml";
import { install } from "../../../bootstrap/cluster/install.ts";
import { hostFiles } from "../../../components/servers/first-boot/index.ts";
import { debianImages, secretsOf } from "../../../components/servers/first-boot/testing.ts";
import type { ClusterSecrets, KeyPair } from "../../../components/servers/index.ts";
import { addressesFor, type Server } from "../../../components/servers/model.ts";
import { cluster, controlPlanes } from "../../../components/servers/testing.ts";
import { command, eventually } from "../../cluster/command.ts";
import { Host, switchOff, switchOn } from "./host.ts";
import { kubeadm } from "./kubeadm.ts";

jest.setTimeout(5 * 60_000);

const FOLDER = "/etc/kubernetes/kubeadm";
const ADMINISTRATOR = "/etc/kubernetes/super-admin.conf";

describe("machines, by their seeds", () => {
  const [first, second] = controlPlanes;
  const worker = debianImages.find(({ role }) => role === "worker");
  const fleet = { ...cluster, servers: [first, second, ...(worker === undefined ? [] : [worker])] };
  const hosts: Host[] = [];
  let secrets: ClusterSecrets;
  let programs: { readonly kubernetes: string; readonly etcd: string; readonly kubeadm: string };

  const own = (server: Server) => addressesFor(server, "cluster")[0] ?? "";
  const kubectl = (host: Host, ...args: readonly string[]) =>
    host.run(join(programs.kubernetes, "kubectl"), "--kubeconfig", ADMINISTRATOR, ...args);

  async function begin(server: Server, ...further: readonly string[]): Promise<Host> {
    const host = await Host.start(
      server.name,
      [own(server), ...further].map((address) => `${address}/24`),
    );
    hosts.push(host);
    const files = hostFiles(server, fleet, secretsOf(server, secrets));
    await host.write(files.filter(({ path }) => path.startsWith("/etc/kubernetes/")));
    return host;
  }

  beforeAll(async () => {
    const { built, unpacked } = await install();
    programs = { kubernetes: join(built, "bin"), etcd: join(unpacked, "usr/bin/etcd"), kubeadm: await kubeadm() };
    secrets = await newSecrets();
    await switchOn();
  });

  afterAll(async () => {
    for (const host of hosts) await host.remove();
    await switchOff();
  });

  test("the first control plane begins the cluster, under authorities that it was given", async () => {
    const { endpoint } = fleet.kubernetes;
    // kube-vip would give the address of the control plane to the machine that leads.
    const host = await begin(first, endpoint.kind === "load-balancer" ? endpoint.host : endpoint.address);
    const phase = (...names: readonly string[]) =>
      host.run(programs.kubeadm, "init", "phase", ...names, "--config", `${FOLDER}/init.yaml`);
    await phase("certs", "all");
    await phase("kubeconfig", "all");
    await phase("control-plane", "all");
    const pki = "/etc/kubernetes/pki";
    const url = "https://127.0.0.1:2379";
    host.start(programs.etcd, [
      `--data-dir=/var/lib/etcd/data`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--cert-file=${pki}/etcd/server.crt`,
      `--key-file=${pki}/etcd/server.key`,
      "--client-cert-auth=true",
      `--trusted-ca-file=${pki}/etcd/ca.crt`,
    ]);
    for (const component of ["kube-apiserver", "kube-controller-manager", "kube-scheduler"]) {
      const [program = "", ...args] = await commandOf(host, component);
      host.start(join(programs.kubernetes, program), args);
    }
    await eventually("the API server", 90, async () => {
      const { stdout } = await host.attempt(
        join(programs.kubernetes, "kubectl"),
        ...["--kubeconfig", ADMINISTRATOR, "get", "--raw", "/readyz"],
      );
      return stdout === "ok" || undefined;
    });
    await phase("upload-config", "all");
    await phase("bootstrap-token");
    await phase("addon", "all");
    await kubectl(host, "apply", "--filename", `${FOLDER}/reboot-lock.yaml`);
    expect(await kubectl(host, "config", "view", "--raw", "-o", "jsonpath={.clusters[0].cluster.server}")).toBe(
      `https://${endpoint.kind === "load-balancer" ? endpoint.host : endpoint.address}:${endpoint.port}`,
    );
  });

  test("a control plane that joins issues its own certificates, which the first one's authority has signed", async () => {
    const host = await begin(second);
    await host.run(
      programs.kubeadm,
      ...["join", "phase", "control-plane-prepare", "certs", "--config", `${FOLDER}/join.yaml`],
    );
    const pki = "/etc/kubernetes/pki";
    expect(await host.run("openssl", "verify", "-CAfile", `${pki}/ca.crt`, `${pki}/apiserver.crt`)).toContain("OK");
    const names = await host.run("openssl", "x509", "-noout", "-ext", "subjectAltName", "-in", `${pki}/apiserver.crt`);
    for (const each of [first, second].map(own)) expect(names).toContain(each);
  });

  test("a worker gets a node's certificate for the token in its seed, and may do what a node may", async () => {
    if (worker === undefined) throw new Error("there is no worker");
    const host = await begin(worker);
    expect((await host.attempt("test", "-e", "/etc/kubernetes/pki/ca.key")).code).not.toBe(0);
    await host
      .run(programs.kubeadm, "join", "phase", "kubelet-start", "--config", `${FOLDER}/join.yaml`)
      .catch(() => "");
    host.start(join(programs.kubernetes, "kubelet"), [
      "--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf",
      "--kubeconfig=/etc/kubernetes/kubelet.conf",
      "--config=/var/lib/kubelet/config.yaml",
      `--hostname-override=${worker.name}`,
      // Asks for its certificate first of all, and not beside its other work, which ends for want of a container runtime.
      "--rotate-certificates=false",
    ]);
    await eventually("the node's certificate", 60, async () => {
      const { code } = await host.attempt("test", "-e", "/etc/kubernetes/kubelet.conf");
      return code === 0 || undefined;
    });
    const node = (...args: readonly string[]) =>
      host.attempt(join(programs.kubernetes, "kubectl"), "--kubeconfig", "/etc/kubernetes/kubelet.conf", ...args);
    const { stdout, stderr } = await node("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}");
    expect({ stdout, stderr }).toEqual({ stdout: `system:node:${worker.name}`, stderr: "" });
    expect((await node("get", "configmap", "-n", "kube-system", "roost-reboot", "-o", "name")).code).toBe(0);
    expect((await node("get", "secrets", "-A")).stderr).toMatch(/forbidden/i);
  });
});

/** The command of a static pod that kubeadm has written. */
async function commandOf(host: Host, component: string): Promise<string[]> {
  const pod = parse(await host.run("cat", `/etc/kubernetes/manifests/${component}.yaml`));
  return pod.spec.containers[0].command;
}

/** What the stack makes for a cluster. */
async function newSecrets(): Promise<ClusterSecrets> {
  const folder = mkdtempSync(join(tmpdir(), "roost-authorities-"));
  const file = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(file(name), "utf8");
  const authority = async (name: string): Promise<KeyPair> => {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", file("key")];
    const use = ["-addext", "keyUsage=critical,digitalSignature,keyCertSign,cRLSign"];
    await command("openssl", [
      "req",
      "-x509",
      ...key,
      "-out",
      file("crt"),
      "-days",
      "30",
      "-subj",
      `/CN=${name}`,
      ...use,
    ]);
    return { certificate: read("crt"), privateKey: read("key") };
  };
  try {
    await command("openssl", ["genrsa", "-out", file("sa.key"), "2048"]);
    await command("openssl", ["rsa", "-in", file("sa.key"), "-pubout", "-out", file("sa.pub")]);
    return {
      bootstrapToken: "abcdef.0123456789abcdef",
      authority: await authority("kubernetes"),
      etcdAuthority: await authority("etcd-ca"),
      frontProxyAuthority: await authority("front-proxy-ca"),
      serviceAccounts: { privateKey: read("sa.key"), publicKey: read("sa.pub") },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
