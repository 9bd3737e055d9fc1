import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { command } from "./command.ts";

/** A stack of nothing but so many ConfigMaps: what one resource more costs. */
export class SyntheticStack {
  readonly size: number;
  private readonly folder: string;

  constructor(size: number) {
    this.size = size;
    // Below the project, so that its packages are found.
    this.folder = join(resolve("build"), "synthetic", `${size}`);
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
    writeFileSync(join(this.folder, "index.ts"), program(this.size));
    await this.pulumi("stack", "init", "synthetic");
  }

  preview(): Promise<string> {
    return this.pulumi("preview", "--stack", "synthetic");
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

function program(size: number): string {
  return `import * as kubernetes from "@pulumi/kubernetes";
for (let index = 0; index < ${size}; index += 1) {
  const name = \`synthetic-\${index}\`;
  new kubernetes.core.v1.ConfigMap(name, { metadata: { name, namespace: "default" }, data: { index: \`\${index}\` } });
}
`;
}
