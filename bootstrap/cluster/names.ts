/**
 * The names by which this machine reaches environments in the cluster: lines in /etc/hosts, one a stack, between two that
 * carry the bridge's name. A name that leads elsewhere already is somebody's, and is left as it is.
 */
import { Resolver } from "node:dns/promises";
import { readFileSync, writeFileSync } from "node:fs";
import { progress } from "../artifact.ts";
import { nodeAddress, type Site } from "./site.ts";

const hostsFile = "/etc/hosts";

/** How long a name server may take to answer, in ms: on a machine without a network someone waits for this. */
const patience = 1_000;

/** Leads a stack's names to the edge, in place of those that it had before. @param names none: it has no names any more */
export async function leadNames(site: Site, stack: string, names: readonly string[]): Promise<void> {
  const address = nodeAddress(site);
  const hosts = readFileSync(hostsFile, "utf8");
  const others = withoutNames(hosts, site.bridge);
  const known = await Promise.all(
    names.map(async (name) => ({ name, addresses: [...addressesOf(others, name), ...(await publicAddresses(name))] })),
  );
  for (const { name, addresses } of known.filter((each) => leadsElsewhere(each.addresses, address))) {
    progress(
      `${name} leads to ${addresses.join(", ")} already, and is left as it is; the environment is at ${address}. To reach it by this name from here, add "${address} ${name}" to ${hostsFile}, or choose another roost:domain.`,
    );
  }
  const own = known.filter((each) => !leadsElsewhere(each.addresses, address)).map(({ name }) => name);
  replace(hosts, withNames(hosts, site.bridge, stack, own.length === 0 ? undefined : `${address} ${own.join(" ")}`));
}

/** Takes the names of all stacks away. */
export function forgetNames(site: Site): void {
  const hosts = readFileSync(hostsFile, "utf8");
  replace(hosts, withoutNames(hosts, site.bridge));
}

/** Pure: the hosts file in which a stack has this line between the markers, or none. */
export function withNames(hosts: string, marker: string, stack: string, line: string | undefined): string {
  const mark = ` # stack ${stack}`;
  const kept = (block(marker).exec(hosts)?.[1] ?? "")
    .split("\n")
    .filter((each) => each.includes(" # stack ") && !each.endsWith(mark));
  const lines = line === undefined ? kept : [...kept, `${line}${mark}`].sort();
  const others = withoutNames(hosts, marker);
  if (lines.length === 0) return others;
  const separator = others === "" || others.endsWith("\n") ? "" : "\n";
  return `${others}${separator}${[`# begin ${marker}`, ...lines, `# end ${marker}`].join("\n")}\n`;
}

/** Pure: the hosts file without the markers and what is between them. */
export function withoutNames(hosts: string, marker: string): string {
  return hosts.replace(block(marker), "");
}

/** Pure: the addresses that a hosts file gives for a name. */
export function addressesOf(hosts: string, name: string): string[] {
  return hosts.split("\n").flatMap((line) => {
    const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    return address !== undefined && names.includes(name) ? [address] : [];
  });
}

function leadsElsewhere(addresses: readonly string[], address: string): boolean {
  return addresses.length > 0 && !addresses.includes(address);
}

/** What name servers say, whatever the hosts file does; nothing where they do not answer. */
async function publicAddresses(name: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: patience, tries: 1 });
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
}

function block(marker: string): RegExp {
  return new RegExp(`^# begin ${marker}\\n([^]*?)^# end ${marker}\\n?`, "m");
}

function replace(before: string, after: string): void {
  // Written in place: in a container the file is a mount and cannot be replaced. Only root may, and often nothing changes.
  if (after !== before) writeFileSync(hostsFile, after);
}
