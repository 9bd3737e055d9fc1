import { mkdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import type { GoProgram } from "../../bootstrap/go.ts";
import { goBuild } from "../../bootstrap/go.ts";
import { debianFiles } from "../debian.ts";

/** What Debian's list of public authorities brings along, and static programs do not need. */
const unneeded = ["gcc-14-base", "libc6", "libcrypt1", "libgcc-s1", "libssl3t64", "libzstd1", "mawk", "zlib1g"];

/** Fills an image's root with static programs of the Go module that lies in `module`, and their licences. */
export async function fillWithPrograms(
  root: string,
  module: string,
  programs: Readonly<Record<string, GoProgram>>,
  /** Whether they speak to servers whose certificates public authorities have issued. */
  { publicAuthorities }: { readonly publicAuthorities: boolean },
): Promise<void> {
  if (publicAuthorities) {
    await debianFiles(root, { packages: [], without: unneeded, programs: [], settings: [] });
  }
  const target = join(root, "usr/bin");
  const licences = join(root, "licenses");
  for (const made of [target, licences]) mkdirSync(made, { recursive: true });
  await goBuild(module, programs, target);
  renameSync(join(target, `NOTICES.${basename(module)}.txt`), join(licences, "NOTICES.txt"));
}

/** The module of those that compile together; Prometheus and kube-state-metrics want other versions, and have their own. */
export const monitoringModule = import.meta.dirname;

/** How programs of the Prometheus project, and those that follow it, are told their version. @param into package with the variables */
export function prometheusVersion(version: string, into = "github.com/prometheus/common/version"): string {
  const variables = {
    Version: version,
    Revision: `v${version}`,
    Branch: "HEAD",
    BuildUser: "roost",
    BuildDate: "unknown",
  };
  return Object.entries(variables)
    .map(([name, value]) => `-X ${into}.${name}=${value}`)
    .join(" ");
}
