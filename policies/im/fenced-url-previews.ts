import { BlockList, isIP } from "node:net";
import { homeserverRule, told } from "./homeserver-rule.ts";

/** What a link must not lead Synapse to: this host, networks that are not public, and metadata services of clouds. */
const inside = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "::1/128",
  "fc00::/7",
  "fe80::/10",
];

export const fencedUrlPreviews = homeserverRule({
  id: "im-fenced-url-previews",
  title: "Previews of links are off, or fetched from public addresses only",
  why: "For a preview the homeserver opens a link that anybody may send, from a place inside the network. A link to an inner service, or to the cloud's metadata, would show the sender what only insiders may see.",
  fix: `Set \`url_preview_enabled: false\`, or have \`url_preview_ip_range_blacklist\` cover ${inside.join(", ")}.`,
  severity: "high",
  controls: { nsa: ["network/cloud"], iso: ["A.8.26"], gbt: ["8.1.3.1 c)"] },
  check({ url_preview_enabled: enabled = false, url_preview_ip_range_blacklist: blocked }, report) {
    if (enabled === false) return;
    const ranges = (Array.isArray(blocked) ? blocked : []).map(String);
    const open = inside.filter((range) => !ranges.some((outer) => covers(outer, range)));
    if (open.length > 0) report(`url_preview_enabled is ${told(enabled)}, and ${open.join(", ")} are not blocked`);
  },
});

/** Whether a range of addresses lies in another one. */
function covers(outer: string, inner: string): boolean {
  const [network = "", prefix] = outer.split("/");
  const [first = "", length = ""] = inner.split("/");
  const family = isIP(network) === 6 ? "ipv6" : "ipv4";
  const bits = Number(prefix ?? (family === "ipv6" ? 128 : 32));
  if (isIP(network) === 0 || isIP(network) !== isIP(first) || !(bits <= Number(length))) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(first, family);
}
