import type * as pulumi from "@pulumi/pulumi";
import { EmbeddedDirectory, ExternalDirectory } from "./directory/index.ts";
import type { IdentityArgs } from "./index.ts";
import type { Directory } from "./ldap.ts";

/** When the directory locks an account, where no Keycloak's settings say it: their defaults. */
const LOCKOUT = { failures: 10, minutes: 15 };

/** The directory that the settings mean. */
export function createDirectory(args: IdentityArgs, opts: pulumi.ComponentResourceOptions): Directory {
  const { zone, authority, images, domain, settings, sizing, spread, storageClass, protect } = args;
  const { directory, provider, sync } = settings;
  if (directory.kind === "external")
    return new ExternalDirectory("directory", { ...directory, zone, image: images.node }, opts);
  if (sizing.directory === undefined)
    throw new Error("the directory has no sizing; give `sizing.directory` where it is embedded");
  const { people, groups, passwords } = directory;
  const { failures, minutes } = provider.kind === "keycloak" ? provider.lockout : LOCKOUT;
  return new EmbeddedDirectory(
    "directory",
    {
      ...{ zone, authority, images, domain, people, groups, storageClass, protect, ...sizing.directory },
      passwords: { ...passwords, failures, lockMinutes: minutes },
      maxLeavers: sync.maxLeavers,
      ...(spread && { spread }),
    },
    opts,
  );
}
