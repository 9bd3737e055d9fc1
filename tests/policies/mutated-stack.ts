import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import type { CommandResult } from "../cluster/command.ts";
import { attempt, command } from "../cluster/command.ts";

export interface Options {
  /** Names of mutations. @default none: the program as it is */
  readonly mutations?: readonly string[];
  /** Configuration of the policy pack. @default none */
  readonly configuration?: object;
}

interface Exported {
  readonly deployment: { readonly resources?: readonly { readonly type: string; readonly urn: string }[] };
}

/**
 * One of the shipped stacks, with the real engine and without a cluster: objects are rendered into a folder, everything
 * else (keys, certificates, passwords) is made for real.
 */
export class MutatedStack {
  readonly name: string;
  private readonly settings: Readonly<Record<string, unknown>>;
  private readonly folder: string;

  /** @param settings those of the shipped settings file that are replaced, by their names without `roost:` */
  constructor(name: string, settings: Readonly<Record<string, unknown>> = {}) {
    this.name = name;
    this.settings = settings;
    this.folder = resolve("build", "policies", name);
  }

  /** The folder that its objects are rendered into. */
  get objects(): string {
    return join(this.folder, "objects");
  }

  async begin(): Promise<void> {
    this.remove();
    mkdirSync(join(this.folder, "state"), { recursive: true });
    const project = parse(readFileSync("Pulumi.yaml", "utf8"));
    writeFileSync(
      join(this.folder, "Pulumi.yaml"),
      stringify({ ...project, main: "../../../tests/policies/program.ts" }),
    );
    this.configure(this.settings);
    await command("pulumi", ["stack", "init", this.name, "--non-interactive"], this.options());
  }

  /** Sets the settings to those of the shipped file, but for these. @param settings by their names without `roost:` */
  configure(settings: Readonly<Record<string, unknown>>): void {
    const { config } = parse(readFileSync(`Pulumi.${this.name}.yaml`, "utf8"));
    for (const [key, value] of Object.entries(settings)) config[`roost:${key}`] = value;
    const file = join(this.folder, `Pulumi.${this.name}.yaml`);
    // The engine keeps the salt of its secrets there.
    const { encryptionsalt } = existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
    writeFileSync(file, stringify({ ...(encryptionsalt && { encryptionsalt }), config }));
  }

  /** A preview that is judged by the policy pack. */
  judgedPreview(options: Options = {}): Promise<CommandResult> {
    return this.attempt(["preview", ...this.pack(options)], options);
  }

  /** An update that is judged by the policy pack. */
  judgedUp(options: Options = {}): Promise<CommandResult> {
    return this.attempt(["up", "--yes", "--skip-preview", ...this.pack(options)], options);
  }

  /** An update that nothing judges. */
  async up(options: Options = {}): Promise<void> {
    const { code, stdout, stderr } = await this.attempt(["up", "--yes", "--skip-preview"], options);
    if (code !== 0) throw new Error(`pulumi up on ${this.name}: exit code ${code}\n${stdout}\n${stderr}`);
  }

  /** Removes everything, or tries to. */
  destroy(): Promise<CommandResult> {
    return this.attempt(["destroy", "--yes", "--skip-preview"], {});
  }

  /** Kind and name of each resource in the state. */
  async resources(): Promise<string[]> {
    const { deployment }: Exported = JSON.parse(readFileSync(await this.exported(), "utf8"));
    return (deployment.resources ?? []).map(({ type, urn }) => `${type.split(":").at(-1)} ${urn.split("::").at(-1)}`);
  }

  /** Writes the state to a file, as an auditor gets it. @returns the file */
  async exported(): Promise<string> {
    const file = join(this.folder, "exported.json");
    await command(
      "pulumi",
      ["stack", "export", "--stack", this.name, "--show-secrets", "--file", file],
      this.options(),
    );
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private pack({ configuration }: Options): string[] {
    if (configuration === undefined) return ["--policy-pack", resolve("policies")];
    const file = join(this.folder, "policies.json");
    writeFileSync(file, JSON.stringify(configuration));
    return ["--policy-pack", resolve("policies"), "--policy-pack-config", file];
  }

  private attempt(args: readonly string[], options: Options): Promise<CommandResult> {
    return attempt("pulumi", [...args, "--stack", this.name, "--non-interactive", "--color", "never"], {
      ...this.options(options),
      timeoutSeconds: 300,
    });
  }

  private options({ mutations = [] }: Options = {}) {
    return {
      cwd: this.folder,
      env: {
        PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "policies",
        RENDER_TO: this.objects,
        MUTATIONS: mutations.join(","),
      },
    };
  }
}
