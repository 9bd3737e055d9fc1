import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { dataFolder } from "../../bootstrap/artifact.ts";
import { withoutCheckpoints } from "../checkpoints.ts";
import type { CommandResult } from "./command.ts";
import { attempt } from "./command.ts";

export interface Outputs {
  readonly url: string;
  readonly homeserver: string;
  readonly certificateAuthority: string;
}

/** One resource that an update would touch. */
export interface Change {
  readonly operation: string;
  readonly type: string;
  readonly name: string;
}

/** A folder for each stack, with its state, passphrase and settings. */
const stacks = join(dataFolder, "tests");
const judged = ["--policy-pack", resolve("policies")];

/** What `pulumi preview --json` prints, as much of it as is looked at. */
interface PreviewDigest {
  readonly steps?: readonly { readonly op: string; readonly urn: string }[];
}

/**
 * A stack of the real program, with settings and a state of its own: neither a developer's stacks nor the project's
 * settings files are touched. It outlives a run that was cut off, so that the next one can remove what is left.
 */
export class Stack {
  readonly name: string;
  /** All that the engine has printed, but for what it was asked to show secrets in. */
  printed = "";
  private readonly folder: string;
  private readonly environment: Readonly<Record<string, string>>;

  constructor(name: string) {
    this.name = name;
    this.folder = join(stacks, name);
    this.environment = {
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: join(this.folder, "passphrase"),
    };
  }

  /** Environment of programs that work on the stack, such as `tools/user.ts`. */
  get commandEnvironment(): Readonly<Record<string, string>> {
    return this.environment;
  }

  /** Runs one of the operators' programs where the stack's settings file is, as it would be in the project's folder. */
  ask(tool: string, ...args: readonly string[]): Promise<CommandResult> {
    const line = [resolve("tools", `${tool}.ts`), "--stack", this.name, ...args];
    return attempt(process.execPath, line, { cwd: this.folder, env: this.environment });
  }

  /** What such a program has written. @param path below the project's folder */
  written(path: string): string {
    return join(this.folder, path);
  }

  private get configFile(): string {
    return join(this.folder, `Pulumi.${this.name}.yaml`);
  }

  /** Begins with no resources: what earlier runs left behind, of this stack or of another test's, is removed. */
  async begin(): Promise<void> {
    for (const name of existsSync(stacks) ? readdirSync(stacks) : []) await new Stack(name).clear();
    mkdirSync(join(this.folder, "state"), { recursive: true });
    // What programs have written for an earlier run is not taken for this one's.
    for (const name of readdirSync(this.folder).filter((each) => !["state", "passphrase"].includes(each)))
      rmSync(join(this.folder, name), { recursive: true });
    const passphrase = join(this.folder, "passphrase");
    if (!existsSync(passphrase)) writeFileSync(passphrase, randomBytes(24).toString("base64url"), { mode: 0o600 });
    await this.succeed("stack", "init", this.name, "--no-select");
    // The engine writes the key's salt beside the program.
    const written = resolve(`Pulumi.${this.name}.yaml`);
    if (existsSync(written)) renameSync(written, this.configFile);
  }

  /** Replaces all settings. @param settings by their names without `roost:` */
  configure(settings: Readonly<Record<string, unknown>>): void {
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`roost:${key}`, value]));
    const salt = /^encryptionsalt: .*$/m.exec(existsSync(this.configFile) ? readFileSync(this.configFile, "utf8") : "");
    writeFileSync(this.configFile, `${salt === null ? "" : `${salt[0]}\n`}${stringify({ config })}`);
  }

  /** Sets one secret, by its path. */
  async configureSecret(path: string, value: string): Promise<void> {
    const result = await attempt(
      "pulumi",
      ["config", "set", "--secret", "--path", `roost:${path}`, "--stack", this.name, "--config-file", this.configFile],
      { env: this.environment, input: value },
    );
    if (result.code !== 0) throw new Error(`pulumi config set ${path}: ${result.stderr}`);
  }

  /** What `make up` does: a preview, judged by the policies, and then the update, judged again. */
  up(...options: readonly string[]): Promise<string> {
    return this.succeed("up", ...this.configured, "--yes", ...judged, ...options);
  }

  preview(...options: readonly string[]): Promise<string> {
    return this.succeed("preview", ...this.configured, ...options);
  }

  /** An update that may be refused. */
  attemptUp(): Promise<CommandResult> {
    return this.attempt("up", ...this.configured, "--yes", ...judged);
  }

  refresh(...options: readonly string[]): Promise<string> {
    return this.succeed("refresh", ...this.configured, "--yes", "--skip-preview", ...options);
  }

  destroy(): Promise<string> {
    return this.succeed("destroy", ...this.configured, "--yes", "--skip-preview");
  }

  /** What the next update would change. */
  async changes(): Promise<Change[]> {
    const { steps = [] }: PreviewDigest = JSON.parse(await this.preview("--json"));
    return steps
      .filter(({ op }) => op !== "same")
      .map(({ op, urn }) => {
        const [, , types = "", name = ""] = urn.split("::");
        return { operation: op, type: types.split("$").at(-1) ?? types, name };
      });
  }

  async outputs(): Promise<Outputs> {
    return JSON.parse(await this.succeed("stack", "output", "--json"));
  }

  async secretOutput(name: string): Promise<unknown> {
    const outputs: Record<string, unknown> = JSON.parse(
      await this.succeed("stack", "output", "--json", "--show-secrets"),
    );
    return outputs[name];
  }

  /** The state as it is stored. */
  exported(): Promise<string> {
    return this.succeed("stack", "export");
  }

  /** Writes the state with its secrets in clear to a file that only its owner reads; to be removed after use. */
  async exportedWithSecrets(): Promise<{ readonly file: string; readonly remove: () => void }> {
    const file = join(this.folder, "exported.json");
    writeFileSync(file, "", { mode: 0o600 });
    await this.succeed("stack", "export", "--show-secrets", "--file", file);
    return { file, remove: () => rmSync(file) };
  }

  /** Number of resources in the state. */
  async size(): Promise<number> {
    const state: { deployment: { resources?: readonly unknown[] } } = JSON.parse(await this.exported());
    return state.deployment.resources?.length ?? 0;
  }

  /** Removes what a run that was cut off has left. */
  private async clear(): Promise<void> {
    if ((await this.attempt("stack", "export")).code !== 0) return;
    await this.attempt("cancel", "--yes");
    await this.remove();
  }

  /** Destroys what is there, whatever happened to it meanwhile, and forgets the stack. */
  async remove(): Promise<void> {
    await this.succeed("destroy", ...this.configured, "--yes", "--skip-preview", "--refresh");
    await this.succeed("stack", "rm", "--yes", "--preserve-config");
  }

  private get configured(): string[] {
    return ["--config-file", this.configFile];
  }

  private async attempt(command: string, ...options: readonly string[]): Promise<CommandResult> {
    const stack = options[0] === "init" ? [] : ["--stack", this.name];
    const result = await attempt("pulumi", [command, ...options, ...stack, "--non-interactive", "--color", "never"], {
      env: { ...this.environment, ...(command === "destroy" && withoutCheckpoints) },
      timeoutSeconds: 900,
    });
    if (!options.includes("--show-secrets")) this.printed += result.stdout + result.stderr;
    return result;
  }

  private async succeed(command: string, ...options: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.attempt(command, ...options);
    if (code === 0) return stdout;
    const printed = `${stdout}\n${stderr}`.trim().split("\n").slice(-80).join("\n");
    throw new Error(`pulumi ${command} ${options.join(" ")} on ${this.name}: exit code ${code}\n${printed}`);
  }
}
