import { readFileSync } from "node:fs";
import type { CommandResult } from "../cluster/command.ts";
import { RenderedStack } from "../rendered-stack/rendered-stack.ts";

export interface Options {
  /** Names of mutations. @default none: the program as it is */
  readonly mutations?: readonly string[];
  /** Configuration of the policy pack. @default none */
  readonly configuration?: object;
}

interface Exported {
  readonly deployment: { readonly resources?: readonly { readonly type: string; readonly urn: string }[] };
}

/** A shipped stack, with mistakes in it where they are asked for. */
export class MutatedStack extends RenderedStack {
  private readonly settings: Readonly<Record<string, unknown>>;

  /** @param settings those of the shipped settings file that are replaced, by their names without `roost:` */
  constructor(name: string, settings: Readonly<Record<string, unknown>> = {}) {
    super({ name, folder: `policies/${name}`, alterations: "tests/policies/alterations.ts" });
    this.settings = settings;
  }

  override begin(): Promise<void> {
    return super.begin(this.settings);
  }

  /** A preview that is judged by the policy pack. */
  judgedPreview({ mutations = [], configuration }: Options = {}): Promise<CommandResult> {
    return this.run(["preview", ...this.policyPack(configuration)], { alterations: mutations });
  }

  /** An update that is judged by the policy pack. */
  judgedUp({ mutations = [], configuration }: Options = {}): Promise<CommandResult> {
    const words = ["up", "--yes", "--skip-preview", ...this.policyPack(configuration)];
    return this.run(words, { alterations: mutations });
  }

  /** An update that nothing judges. */
  up({ mutations = [] }: Options = {}): Promise<void> {
    return this.update({ alterations: mutations });
  }

  /** Removes everything, or tries to. */
  destroy(): Promise<CommandResult> {
    return this.run(["destroy", "--yes"]);
  }

  /** Kind and name of each resource in the state. */
  async resources(): Promise<string[]> {
    const { deployment }: Exported = JSON.parse(readFileSync(await this.exported(), "utf8"));
    return (deployment.resources ?? []).map(({ type, urn }) => `${type.split(":").at(-1)} ${urn.split("::").at(-1)}`);
  }
}
