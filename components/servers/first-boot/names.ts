import type { Server } from "../model.ts";
import { familyOf } from "./family.ts";
import type { Part } from "./files.ts";
import { ini } from "./units.ts";

/** Names are asked of the name servers alone: what neighbours claim by multicast is not listened to. */
export function names({ operatingSystem }: Server): Part {
  // NetworkManager writes resolv.conf itself.
  if (familyOf(operatingSystem) === "redhat") return {};
  const content = ini({ Resolve: { LLMNR: "no", MulticastDNS: "no" } });
  return {
    files: [{ path: "/etc/systemd/resolved.conf.d/roost.conf", content }],
    packages: ["systemd-resolved"],
    units: ["systemd-resolved.service"],
  };
}
