import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { BareMetalHost, type BmcCredentials, isMetal3 } from "./metal3/index.ts";
import type { Server as Description } from "./model.ts";
import { Seed } from "./seed/seed.ts";

export interface ServerArgs {
  /** The machine, as the settings describe it. */
  readonly description: Description;
  /** What its installer or cloud-init reads: contents by file name, for these recovery passphrases by pool. */
  readonly render: (passphrases: Readonly<Record<string, string>>) => pulumi.Input<Readonly<Record<string, string>>>;
  /** Folder that seeds lie in, relative to the project. @default "build/seeds" */
  readonly folder?: string;
  /** Name of a layout that may be taken although data would be lost; the refusal says which. @default none */
  readonly acceptedLayout?: string;
  /** Where Metal3 runs, and who it signs in as. @default the machine is installed from its seed */
  readonly metal3?: { readonly provider: kubernetes.Provider; readonly credentials: BmcCredentials };
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
    const { description, render, folder = "build/seeds", acceptedLayout, metal3, protect } = args;
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
    const files = this.passphrases.apply((known) => pulumi.output(render(known)));
    const seed = new Seed(
      name,
      {
        server: description.name,
        media,
        path: `${folder}/${description.name}${media.kind === "iso" ? ".iso" : ""}`,
        files,
        layout: description.storage,
        ...(acceptedLayout !== undefined && { acceptedLayout }),
      },
      { parent: this },
    );
    this.seed = seed.path;
    if (isMetal3(description) && metal3 !== undefined) {
      const userData = files.apply((each) => each["user-data"] ?? "");
      // The seed comes first: it refuses a layout by which the machine would lose data.
      const opts = { parent: this, dependsOn: seed };
      new BareMetalHost(name, { server: description, userData, protect, ...metal3 }, opts);
    }
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
