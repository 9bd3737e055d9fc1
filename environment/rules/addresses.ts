import type { Problem } from "../messages/problems.ts";
import type { Circumstances } from "./rule.ts";
import { textAt } from "./rule.ts";

/** The range with all bits after its prefix cleared, which Kubernetes asks for; the same text where they are. */
export function networkOf(range: string): string {
  const [address = "", prefix = "32"] = range.split("/");
  if (address.includes(":")) return range;
  const bits = Number(prefix);
  const octets = address.split(".").map(Number);
  const cleared = octets.map((octet, at) => octet & mask(bits - 8 * at));
  return `${cleared.join(".")}/${prefix}`;
}

/** The bits of one octet that belong to the network. */
function mask(bits: number): number {
  if (bits >= 8) return 0xff;
  return bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff;
}

/** Whether the range is every address there is. */
export function isEverything(range: string): boolean {
  return range.endsWith("/0");
}

/** A range that is none: an address with a prefix that does not belong to it. */
export function rangeProblems(path: string, ranges: readonly string[], circumstances: Circumstances): Problem[] {
  return ranges.flatMap((range, at): Problem[] => {
    const network = networkOf(range);
    if (network === range) return [];
    return [
      {
        path: `${path}.${at}`,
        given: textAt(path, range, circumstances),
        allowed: "a network's own address before the prefix",
        remedy: `write "${network}", or "${range.replace(/\/.*/, "/32")}" for the one address`,
      },
    ];
  });
}
