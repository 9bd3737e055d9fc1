import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Server as Description } from "./model.ts";
import { Seed } from "./seed/seed.ts";

export interface ServerArgs {
  /** The machine, as the settings describe it. */
  readonly description: Description;
  /** What its installer or cloud-init reads: contents by file name, for these recovery passphrases by pool. */
  readonly render: (passphrases: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
  /** Folder that seeds lie in, relative to the project. @default "build/seeds" */
  readonly folder?: string;
  /** Name of a layout that may be taken although data would be lost; the refusal says which. @default none */
  readonly acceptedLayout?: string;
  /** Whether its passphrases may be deleted only by name: without them, its disks may stay shut. */
  readonly protect: boolean;
}

/** 160 bits, in characters that every keyboard has in the same place. */
const PASSPHRASE_LENGTH = 32;

/** One machine: its secrets, and the seed that makes it what it is described to be. */
export class Server extends pulumi.ComponentResource {
  /** Where its seed lies. */
  readonly seed: pulumi.Output<string>;
  /** What opens each encrypted pool when nothing else does, by the pool's name: to be kept where the disks are not. */
  readonly passphrases: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: ServerArgs, opts?: pulumi.ComponentResourceOptions) {
    // The description is what policies judge. It holds no secrets.
    super("roost:servers:Server", name, { description: args.description }, opts);
    const { description, render, folder = "build/seeds", acceptedLayout, protect } = args;
    const encrypted = description.storage.pools.filter(({ encryption }) => encryption.kind !== "none");
    const made = encrypted.map(({ name: pool }) => [
      pool,
      new random.RandomPassword(
        `${name}-${pool}`,
        { length: PASSPHRASE_LENGTH, special: false, upper: false },
        { parent: this, protect },
      ).result,
    ]);
    this.passphrases = pulumi.secret(pulumi.all(Object.fromEntries(made)));
    const media = mediaOf(description);
    const seed = new Seed(
      name,
      {
        server: description.name,
        media,
        path: `${folder}/${description.name}${media.kind === "iso" ? ".iso" : ""}`,
        files: this.passphrases.apply(render),
        layout: description.storage,
        ...(acceptedLayout !== undefined && { acceptedLayout }),
      },
      { parent: this },
    );
    this.seed = seed.path;
    this.registerOutputs({ seed: this.seed, passphrases: this.passphrases });
  }
}

/** Labels by which cloud-init and Anaconda find their volume. */
function mediaOf({ provisioner, operatingSystem }: Description) {
  const { installer } = operatingSystem;
  // debian-installer looks for no volume: its file is fetched, or put into its own image.
  if (provisioner.kind !== "seed" || provisioner.media !== "iso" || installer === "preseed")
    return { kind: "directory" } as const;
  return { kind: "iso", label: installer === "kickstart" ? "OEMDRV" : "cidata" } as const;
}
