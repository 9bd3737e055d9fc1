import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { type Lock, lockFiles } from "../../images/lock.ts";
import { withoutCheckpoints } from "../checkpoints.ts";
import { attempt, type CommandResult, command } from "../cluster/command.ts";

export interface RenderedStackArgs {
  /** Which of the shipped stacks. */
  readonly name: string;
  /** A folder of its own, below `build/`. */
  readonly folder: string;
  /** The module that exports `alterations`, from the project's folder. */
  readonly alterations: string;
  /** Images in place of those that this machine has built. @default those */
  readonly images?: Lock;
}

export interface RunOptions {
  /** Names of alterations. @default none: the program as it is */
  readonly alterations?: readonly string[];
  /** @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** @default 300 */
  readonly timeoutSeconds?: number;
}

/**
 * One of the shipped stacks, with the real engine and without a cluster: objects are rendered into a folder, everything
 * else (keys, certificates, passwords) is made for real.
 */
export class RenderedStack {
  readonly name: string;
  protected readonly folder: string;
  private readonly args: RenderedStackArgs;

  constructor(args: RenderedStackArgs) {
    this.args = args;
    this.name = args.name;
    this.folder = resolve("build", args.folder);
  }

  /** The folder that its objects are rendered into. */
  get objects(): string {
    return join(this.folder, "objects");
  }

  /** @param settings as {@link configure} has them */
  async begin(settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
    this.remove();
    mkdirSync(join(this.folder, "state"), { recursive: true });
    const main = relative(this.folder, join(import.meta.dirname, "program.ts"));
    writeFileSync(join(this.folder, "Pulumi.yaml"), stringify({ ...parse(readFileSync("Pulumi.yaml", "utf8")), main }));
    if (this.args.images !== undefined) this.lockImages(this.args.images);
    this.configure(settings);
    await command("pulumi", ["stack", "init", this.name, "--non-interactive"], this.options({}));
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

  /** Runs the engine on the stack, whatever comes of it. */
  run(words: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
    return attempt(
      "pulumi",
      [...words, "--stack", this.name, "--non-interactive", "--color", "never"],
      this.options(options),
    );
  }

  /** An update that nothing judges. */
  async update(options: RunOptions = {}): Promise<void> {
    const { code, stdout, stderr } = await this.run(["up", "--yes", "--skip-preview"], options);
    if (code !== 0) throw new Error(`pulumi up on ${this.name}: exit code ${code}\n${stdout}\n${stderr}`);
  }

  /** Writes the state to a file, secrets too. @returns the file */
  async exported(): Promise<string> {
    const file = join(this.folder, "exported.json");
    const words = ["stack", "export", "--stack", this.name, "--show-secrets", "--file", file];
    await command("pulumi", words, this.options({}));
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Options that have the engine use the policy pack, with its configuration. */
  protected policyPack(configuration: object | undefined): string[] {
    if (configuration === undefined) return ["--policy-pack", resolve("policies")];
    const file = join(this.folder, "policies.json");
    writeFileSync(file, JSON.stringify(configuration));
    return ["--policy-pack", resolve("policies"), "--policy-pack-config", file];
  }

  private lockImages(images: Lock): void {
    const file = join(this.folder, lockFiles.built);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(images));
  }

  /** How a command of the engine, or of a tool that uses it, is run on this stack. */
  protected options({ alterations = [], env = {}, timeoutSeconds = 300 }: RunOptions) {
    return {
      cwd: this.folder,
      timeoutSeconds,
      env: {
        PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "rendered",
        // Nothing is lost that could not be rendered again.
        ...withoutCheckpoints,
        // Else the provider would take it beside the folder to render to, and refuse both.
        KUBECONFIG: "",
        RENDER_TO: this.objects,
        RUN_IN: this.args.images === undefined ? resolve(".") : this.folder,
        ALTERATIONS_FROM: resolve(this.args.alterations),
        ALTERATIONS: alterations.join(","),
        ...env,
      },
    };
  }
}
