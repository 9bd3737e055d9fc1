import { isIPv4, isIPv6 } from "node:net";

/** The addresses from first to last, of one family, as numbers. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** The range of an address, of an address with prefix, or of a network; undefined where the text is none. */
export function rangeOf(text: string): AddressRange | undefined {
  const [address = "", prefix, ...more] = text.split("/");
  const family = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  if (family === undefined || more.length > 0 || address.includes("%")) return undefined;
  const width = family === 4 ? 32 : 128;
  const bits = prefix === undefined ? width : Number(prefix);
  if (!Number.isInteger(bits) || bits < 0 || bits > width) return undefined;
  const host = (1n << BigInt(width - bits)) - 1n;
  const first = numberOf(address, family) & ~host;
  return { family, first, last: first | host };
}

/** Whether the two have an address in common. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a !== undefined && b !== undefined && a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** Whether all addresses of the one lie within the other. */
export function within(inner: string, outer: string): boolean {
  const [a, b] = [rangeOf(inner), rangeOf(outer)];
  return a !== undefined && b !== undefined && a.family === b.family && b.first <= a.first && a.last <= b.last;
}

/** Whether a machine can have the address: it is neither the network's own nor its broadcast address. */
export function isHostIn(address: string, network: string): boolean {
  const [a, net] = [rangeOf(address), rangeOf(network)];
  if (a === undefined || net === undefined || !within(address, network)) return false;
  if (a.family === 6 || net.last - net.first < 2n) return true;
  return a.first !== net.first && a.first !== net.last;
}

/** The number behind the slash. */
export function prefixOf(cidr: string): string {
  return cidr.slice(cidr.indexOf("/") + 1);
}

function numberOf(address: string, family: 4 | 6): bigint {
  return family === 4
    ? address.split(".").reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n)
    : groupsOf(address).reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** All eight groups of an IPv6 address, with those that `::` stands for. */
function groupsOf(address: string): string[] {
  const [head = "", tail] = address.replace(/\d+\.\d+\.\d+\.\d+$/, lastGroups).split("::");
  const groups = (part: string) => part.split(":").filter((group) => group !== "");
  if (tail === undefined) return groups(head);
  const missing = 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array<string>(missing).fill("0"), ...groups(tail)];
}

/** The last two groups, where they are written as an IPv4 address. */
function lastGroups(dotted: string): string {
  const number = numberOf(dotted, 4);
  return `${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;
}

/** The host in a URL. */
export function addressHostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, "");
}
