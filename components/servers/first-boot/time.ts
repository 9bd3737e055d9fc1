import type { Server } from "../model.ts";
import { named } from "./family.ts";
import { configuration, type Part } from "./files.ts";

/** The clock, kept right by chrony, which serves nobody itself. */
export function time({ network, operatingSystem }: Server): Part {
  const { servers, nts } = network.time;
  return {
    files: [
      configuration(named(operatingSystem, { debian: "/etc/chrony/chrony.conf", redhat: "/etc/chrony.conf" }), [
        ...servers.map((server) => `server ${server} iburst${nts ? " nts" : ""}`),
        "driftfile /var/lib/chrony/drift",
        ...(nts ? ["ntsdumpdir /var/lib/chrony"] : []),
        "# A clock that is far off is set at the start, and slewed later.",
        "makestep 1.0 3",
        "rtcsync",
        "# Neither clients nor commands by the network.",
        "port 0",
        "cmdport 0",
      ]),
    ],
    packages: ["chrony"],
    units: [named(operatingSystem, { debian: "chrony.service", redhat: "chronyd.service" })],
  };
}
