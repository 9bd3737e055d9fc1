import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { registryName } from "../../bootstrap/cluster/site.ts";
import { imageNames, images } from "../../images/catalogue.ts";
import type { Lock } from "../../images/lock.ts";
import { STREAMING } from "../../tools/preview-report/engine.ts";
import { attempt, type CommandResult } from "../cluster/command.ts";
import { RenderedStack } from "../rendered-stack/rendered-stack.ts";
import type { Scenario } from "./scenarios.ts";

/** What a recording must not depend on: which images this machine has built. */
const madeUp: Lock = {
  images: Object.fromEntries(
    imageNames.map((name, index) => {
      const digest = `sha256:${`${index + 1}c0ffee${index + 1}`.repeat(8).slice(0, 64)}`;
      return [name, { reference: `${registryName}/${name}:${images[name].version}`, digest }];
    }),
  ),
};

/** A shipped stack that previews are recorded of. */
export class RecordedStack extends RenderedStack {
  constructor(name: string, purpose: string) {
    super({
      name,
      folder: `preview-report/${name}-${purpose}`,
      alterations: "tests/preview-report/alterations.ts",
      images: madeUp,
    });
  }

  override configure(settings: Readonly<Record<string, unknown>>): void {
    super.configure({ ...settings, images: { source: "built" } });
  }

  /** What the engine prints, whatever its exit code. */
  async preview({ settings = {}, alterations = [], policies }: Scenario): Promise<string> {
    this.configure(settings);
    const pack = policies === undefined ? [] : this.policyPack(policies);
    const { stdout, stderr } = await this.run(["preview", "--json", ...pack], { alterations, env: STREAMING });
    if (stdout.trim() === "") throw new Error(`${this.name}: the engine printed no events: ${stderr}`);
    return stdout;
  }

  /** Runs the tool as a pipeline does, with a preview of its own. */
  report(
    { settings = {}, alterations = [] }: Omit<Scenario, "stack">,
    ...words: readonly string[]
  ): Promise<CommandResult> {
    this.configure(settings);
    const tool = [resolve("tools/preview-report.ts"), "--stack", this.name, ...words];
    return attempt(process.execPath, tool, this.options({ alterations }));
  }

  /** All secrets in the state, in plain text: what no recording may hold. */
  async secrets(): Promise<readonly string[]> {
    return plaintextsIn(JSON.parse(readFileSync(await this.exported(), "utf8")));
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
