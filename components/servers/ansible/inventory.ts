import type { MetricsIdentity } from "../first-boot/index.ts";
import type { Fleet, Server } from "../model.ts";
import { type HostVariables, hostVariables } from "./host.ts";
import type { Told } from "./told.ts";

/** A machine as Ansible finds it. */
export interface Reached {
  readonly server: Server;
  readonly address: string;
  readonly port: number;
  /** Account to sign in with. @default what the operator's own SSH configuration says */
  readonly user?: string;
  /** Further options of ssh, each a `Name=value`. */
  readonly sshOptions: readonly string[];
  /** What it serves its metrics with, as the stack has made it. */
  readonly metrics: MetricsIdentity;
  readonly told: Told;
}

type Host = HostVariables & {
  readonly ansible_host: string;
  readonly ansible_port: number;
  readonly ansible_user?: string;
  readonly ansible_ssh_common_args: string;
  readonly ansible_python_interpreter: "/usr/bin/python3";
};

/** In the form that Ansible's plugin `yaml` reads, as JSON. */
export interface Inventory {
  readonly all: { readonly hosts: Readonly<Record<string, Host>> };
}

/** Machines of one rack, or of several. */
export function inventoryOf(machines: readonly Reached[], fleet: Fleet): Inventory {
  const hosts = machines.map(({ server, address, port, user, sshOptions, metrics, told }): readonly [string, Host] => [
    server.name,
    {
      ansible_host: address,
      ansible_port: port,
      ...(user !== undefined && { ansible_user: user }),
      ansible_ssh_common_args: sshOptions.map((option) => `-o '${option}'`).join(" "),
      ansible_python_interpreter: "/usr/bin/python3",
      ...hostVariables(server, fleet, metrics, told),
    },
  ]);
  return { all: { hosts: Object.fromEntries(hosts) } };
}

/** Machines by rack, in the order in which the racks are first named: what is wrong with a change is seen in one of them. */
export function racksOf<Machine extends { readonly server: Pick<Server, "failureDomains"> }>(
  machines: readonly Machine[],
): ReadonlyMap<string, readonly Machine[]> {
  return Map.groupBy(machines, ({ server }) => server.failureDomains.rack);
}
