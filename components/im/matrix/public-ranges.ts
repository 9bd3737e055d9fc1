/**
 * Addresses that are not of the public internet: this host, private, shared by carriers, link-local, for documentation
 * or tests, translated, multicast, reserved.
 * @source https://www.iana.org/assignments/iana-ipv4-special-registry
 * @source https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export const nonPublicRanges: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/3",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
  "4000::/2",
  "8000::/1",
];

/** What Synapse must not fetch pages from: all that is not public, and what the operator adds. */
export function blockedRanges(further: readonly string[]): string[] {
  return [...new Set([...nonPublicRanges, ...further])];
}

interface Range {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly prefix: number;
}

const bits = { 4: 32, 6: 128 } as const;

/** The fewest ranges that hold every address outside `blocked`: what a NetworkPolicy can let through. */
export function rangesOutside(blocked: readonly string[]): string[] {
  const parsed = blocked.map(parseRange);
  const whole: readonly Range[] = [
    { version: 4, first: 0n, prefix: 0 },
    { version: 6, first: 0n, prefix: 0 },
  ];
  return whole.flatMap((range) => outside(range, parsed)).map(formatRange);
}

function outside(range: Range, blocked: readonly Range[]): Range[] {
  const relevant = blocked.filter((other) => contains(range, other) || contains(other, range));
  if (relevant.length === 0) return [range];
  if (relevant.some((other) => contains(other, range))) return [];
  return halves(range).flatMap((half) => outside(half, relevant));
}

function contains(outer: Range, inner: Range): boolean {
  if (outer.version !== inner.version || outer.prefix > inner.prefix) return false;
  const shift = BigInt(bits[outer.version] - outer.prefix);
  return outer.first >> shift === inner.first >> shift;
}

function halves({ version, first, prefix }: Range): Range[] {
  const size = 1n << BigInt(bits[version] - prefix - 1);
  return [first, first + size].map((start) => ({ version, first: start, prefix: prefix + 1 }));
}

function parseRange(text: string): Range {
  const [address = "", prefix = ""] = text.split("/");
  const version = address.includes(":") ? 6 : 4;
  return { version, first: version === 6 ? parseV6(address) : parseV4(address), prefix: Number(prefix) };
}

function parseV4(address: string): bigint {
  return address.split(".").reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}

function parseV6(address: string): bigint {
  const [head = "", tail] = address.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":"));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

function formatRange({ version, first, prefix }: Range): string {
  const width = version === 4 ? 8n : 16n;
  const count = version === 4 ? 4 : 8;
  const parts = Array.from(
    { length: count },
    (_, index) => (first >> (width * BigInt(count - 1 - index))) & ((1n << width) - 1n),
  );
  if (version === 4) return `${parts.join(".")}/${prefix}`;
  return `${compressed(parts.map((part) => part.toString(16)))}/${prefix}`;
}

/** The trailing zeros of a range's address, which it nearly always has, written as `::`. */
function compressed(groups: readonly string[]): string {
  const used = groups.findLastIndex((group) => group !== "0") + 1;
  return used > 6 ? groups.join(":") : `${groups.slice(0, used).join(":")}::`;
}
