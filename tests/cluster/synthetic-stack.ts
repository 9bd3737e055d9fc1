import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { command } from "./command.ts";

/** What a synthetic stack consists of. */
type Kind = "ConfigMap" | "Deployment";

/** A stack of nothing but so many resources of one kind: what one resource more costs. */
export class SyntheticStack {
  readonly size: number;
  private readonly kind: Kind;
  private readonly folder: string;

  constructor(size: number, kind: Kind = "ConfigMap") {
    this.size = size;
    this.kind = kind;
    // Below the project, so that its packages are found.
    this.folder = join(resolve("build"), "synthetic", `${kind}-${size}`);
  }

  async begin(): Promise<void> {
    this.remove();
    mkdirSync(join(this.folder, "state"), { recursive: true });
    const project = {
      name: "synthetic",
      main: "index.ts",
      runtime: { name: "nodejs", options: { typescript: false, packagemanager: "npm" } },
    };
    writeFileSync(join(this.folder, "Pulumi.yaml"), stringify(project));
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ name: "synthetic", type: "module" }));
    writeFileSync(join(this.folder, "index.ts"), programs[this.kind](this.size));
    await this.pulumi("stack", "init", "synthetic");
  }

  preview(): Promise<string> {
    return this.pulumi("preview", "--stack", "synthetic");
  }

  /** A preview with the policy pack, whose findings do not stop it. */
  judgedPreview(): Promise<string> {
    const configuration = join(this.folder, "policies.json");
    writeFileSync(configuration, JSON.stringify({ all: "advisory" }));
    const pack = ["--policy-pack", resolve("policies"), "--policy-pack-config", configuration];
    return this.pulumi("preview", "--stack", "synthetic", ...pack);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private pulumi(...args: readonly string[]): Promise<string> {
    return command("pulumi", [...args, "--non-interactive"], {
      cwd: this.folder,
      env: { PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`, PULUMI_CONFIG_PASSPHRASE: "synthetic" },
    });
  }
}

const programs: Readonly<Record<Kind, (size: number) => string>> = {
  ConfigMap: (size) => `import * as kubernetes from "@pulumi/kubernetes";
for (let index = 0; index < ${size}; index += 1) {
  const name = \`synthetic-\${index}\`;
  new kubernetes.core.v1.ConfigMap(name, { metadata: { name, namespace: "synthetic" }, data: { index: \`\${index}\` } });
}
`,
  Deployment: (size) => `import * as kubernetes from "@pulumi/kubernetes";
import { peerNamed } from "${resolve("components/network/peer.ts")}";
import { podSpec } from "${resolve("components/network/workload-spec.ts")}";
const container = {
  image: "registry.example.org/web@sha256:${"0".repeat(64)}", command: ["serve"], cpus: 0.1, memoryMiB: 64,
  env: { LANG: "C.UTF-8" }, ports: { https: 8443 },
  mounts: [{ name: "scratch", path: "/tmp", source: { kind: "scratch", sizeMiB: 16 } }],
};
for (let index = 0; index < ${size}; index += 1) {
  const peer = peerNamed(\`synthetic-\${index}\`, "synthetic");
  const spec = podSpec({
    peer, kind: "Deployment", replicas: 1, userId: 10001, groupId: 10001,
    containers: [{ ...container, name: "first" }, { ...container, name: "second" }],
  });
  new kubernetes.apps.v1.Deployment(peer.name, {
    metadata: { name: peer.name, namespace: peer.namespace },
    spec: { replicas: 1, selector: { matchLabels: peer.podLabels }, template: { metadata: { labels: peer.podLabels }, spec } },
  });
}
`,
};
