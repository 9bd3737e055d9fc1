import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { attempt, command } from "../../../tests/cluster/command.ts";
import { previewArguments } from "../engine.ts";
import type { Edits } from "./scenarios.ts";

export interface Step {
  /** Settings of the shipped file that are replaced, by their names without `roost:`. @default none */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly edits?: Edits;
  /** Configuration of the policy pack. @default none: no policy pack */
  readonly policies?: object;
}

/** A shipped stack with a state of its own, in a folder below `build/`. */
export class RecordedStack {
  readonly name: string;
  readonly folder: string;

  constructor(name: string, purpose: string) {
    this.name = name;
    this.folder = resolve("build", "preview-report", `${name}-${purpose}`);
  }

  async begin(): Promise<void> {
    this.remove();
    mkdirSync(join(this.folder, "state"), { recursive: true });
    const main = relative(this.folder, resolve("tools/preview-report/recording/program.ts"));
    writeFileSync(join(this.folder, "Pulumi.yaml"), stringify({ ...parse(readFileSync("Pulumi.yaml", "utf8")), main }));
    this.settle({});
    await command("pulumi", ["stack", "init", this.name, "--non-interactive"], this.options({}));
  }

  async up(step: Step): Promise<void> {
    this.settle(step);
    const words = ["up", "--yes", "--skip-preview", "--stack", this.name, "--non-interactive"];
    await command("pulumi", words, { ...this.options(step), timeoutSeconds: 1800 });
  }

  /** What the engine prints, whatever its exit code. */
  async preview(step: Step): Promise<string> {
    this.settle(step);
    const packs = step.policies === undefined ? {} : this.policyPack(step.policies);
    const words = previewArguments({ stack: this.name, ...packs });
    const { PULUMI_ENABLE_STREAMING_JSON_PREVIEW } = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "1" };
    const { env, cwd } = this.options(step);
    const { stdout, stderr } = await attempt("pulumi", words, {
      cwd,
      env: { ...env, PULUMI_ENABLE_STREAMING_JSON_PREVIEW },
    });
    if (stdout.trim() === "") throw new Error(`${this.name}: the engine printed no events: ${stderr}`);
    return stdout;
  }

  /** All secrets in the state, in plain text: what no recording may hold. */
  async secrets(): Promise<readonly string[]> {
    const words = ["stack", "export", "--stack", this.name, "--show-secrets"];
    const state: unknown = JSON.parse(await command("pulumi", words, this.options({})));
    return plaintextsIn(state);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private settle({ settings = {} }: Step): void {
    const { config } = parse(readFileSync(`Pulumi.${this.name}.yaml`, "utf8"));
    // The digests of upstream images are not known where their registries cannot be reached; those of built ones are.
    config["roost:images"] = { source: "built" };
    for (const [key, value] of Object.entries(settings)) config[`roost:${key}`] = value;
    const file = join(this.folder, `Pulumi.${this.name}.yaml`);
    writeFileSync(file, stringify({ ...keptIn(file), config }));
  }

  private policyPack(configuration: object) {
    const file = join(this.folder, "policies.json");
    writeFileSync(file, JSON.stringify(configuration));
    return { policyPacks: [resolve("policies")], policyPackConfigs: [file] };
  }

  private options({ edits = [] }: Step) {
    return {
      cwd: this.folder,
      env: {
        PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "recording",
        EDITS: edits.join(","),
        RENDER_TO: join(this.folder, "objects"),
        // Else the provider would take it beside the folder to render to, and refuse both.
        KUBECONFIG: process.env.RECORD_KUBECONFIG ?? "",
      },
    };
  }
}

/** The salt of the stack's passphrase, which the engine keeps in the settings file. */
function keptIn(file: string): object {
  try {
    const { encryptionsalt } = parse(readFileSync(file, "utf8"));
    return encryptionsalt === undefined ? {} : { encryptionsalt };
  } catch {
    return {};
  }
}

function plaintextsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(plaintextsIn);
  if (typeof value !== "object" || value === null) return [];
  const { plaintext } = { plaintext: undefined, ...value };
  if (typeof plaintext === "string") return textsIn(JSON.parse(plaintext));
  return Object.values(value).flatMap(plaintextsIn);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
