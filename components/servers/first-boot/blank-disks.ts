import { partitionedDisks } from "../layout.ts";
import type { Pool, Server } from "../model.ts";
import { quoted } from "./shell.ts";

/** The pool that an installer makes. */
export function systemPool({ name, storage: { system, pools } }: Server): Pool {
  const pool = system.kind === "pool" ? pools.find((each) => each.name === system.pool) : undefined;
  if (pool === undefined) throw new Error(`${name} has no pool that its system lies in: it comes with an image`);
  return pool;
}

/** Disks of the system's pool as an installer finds them: those of a controller's volume are one. */
export function systemDisks(server: Server): readonly string[] {
  const pool = systemPool(server);
  const ids =
    pool.redundancy.kind === "hardware" ? [pool.redundancy.volumeId] : partitionedDisks(pool).map(({ id }) => id);
  return ids.map((id) => `/dev/disk/by-id/${id}`);
}

/**
 * A script for an installer's shell, which ends the installation before anything is written if a disk of the system's pool
 * is missing or holds anything. Installers themselves take what they are told to take.
 *
 * @param probe what prints a line for each signature that it finds on a disk
 */
export function refuseForeignDisks(server: Server, probe = "wipefs --no-act"): string {
  return `bad=
for disk in ${systemDisks(server).map(quoted).join(" ")}; do
  if [ ! -b "$disk" ]; then bad="$bad $disk is not there."
  elif [ -n "$(${probe} "$disk")" ]; then bad="$bad $disk is not empty."
  fi
done
if [ -n "$bad" ]; then
  echo "Nothing was written:$bad If nothing on a disk is needed any more, empty it: wipefs --all" >/dev/console
  exit 1
fi
`;
}
