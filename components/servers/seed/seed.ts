import * as pulumi from "@pulumi/pulumi";
import type { StorageLayout } from "../model.ts";
import type { SeedInputs, SeedState } from "./provider.ts";
import type { SeedContent } from "./write.ts";

export interface SeedArgs {
  /** Host name of the machine. */
  readonly server: string;
  readonly media: SeedContent["media"];
  /** Image or folder, relative to the project. */
  readonly path: string;
  /** Contents by file name. They are secret: keys and passphrases are among them. */
  readonly files: pulumi.Input<Readonly<Record<string, string>>>;
  readonly layout: StorageLayout;
  /** @default no layout by which data would be lost is taken */
  readonly acceptedLayout?: string;
}

/**
 * The seed of one machine on the disk of whoever runs the stack: what its installer or cloud-init reads. The same description
 * and secrets make the same bytes.
 */
export class Seed extends pulumi.dynamic.Resource {
  /** Where it lies. */
  declare readonly path: pulumi.Output<string>;
  /** SHA-256 of the image, or of the folder's files. */
  declare readonly digest: pulumi.Output<string>;

  constructor(name: string, args: SeedArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, files: pulumi.secret(args.files), digest: undefined };
    super(provider, name, inputs, pulumi.mergeOptions(opts, { additionalSecretOutputs: ["files"] }), "servers", "Seed");
  }
}

/**
 * What the engine keeps of these functions is their text, and runs it in a process of its own: they must hold nothing but how
 * to find the real ones, or each change of a line there would be a change of every seed.
 */
const provider: pulumi.dynamic.ResourceProvider<SeedInputs, SeedState> = {
  async check(olds, news) {
    const { checkSeed } = await load();
    return { inputs: news, failures: [...checkSeed(olds, news)] };
  },
  async diff(_id, olds, news) {
    const { isSeedChanged } = await load();
    return { changes: isSeedChanged(olds, news) };
  },
  async create(inputs) {
    const { putSeed } = await load();
    return { id: inputs.server, outs: putSeed(inputs) };
  },
  async update(_id, olds, news) {
    const { putSeed } = await load();
    return { outs: putSeed(news, olds) };
  },
  async read(id, state) {
    const { readSeed } = await load();
    const props = state === undefined ? undefined : readSeed(state);
    return props === undefined ? {} : { id, props };
  },
  async delete(_id, state) {
    const { deleteSeed } = await load();
    deleteSeed(state);
  },
};

/** From the project's folder, in which the engine starts that process. */
async function load(): Promise<typeof import("./provider.ts")> {
  return import(`${process.cwd()}/components/servers/seed/provider.ts`);
}
