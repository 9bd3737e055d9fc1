/** Blocks of addresses. */
import { BlockList, isIP } from "node:net";

interface Block {
  readonly address: string;
  readonly prefix: number;
  readonly family: "ipv4" | "ipv6";
}

/** The block that a CIDR names, or nothing where it names none. A single address is a block too. */
function parse(cidr: string): Block | undefined {
  const [address = "", length] = cidr.split("/");
  const version = isIP(address);
  if (version === 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const prefix = length === undefined ? most : Number(length);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > most) return undefined;
  return { address, prefix, family: version === 4 ? "ipv4" : "ipv6" };
}

/** Whether the block contains the address. */
export function contains(cidr: string, address: string): boolean {
  const block = parse(cidr);
  if (block === undefined || isIP(address) !== (block.family === "ipv4" ? 4 : 6)) return false;
  const list = new BlockList();
  list.addSubnet(block.address, block.prefix, block.family);
  return list.check(address, block.family);
}

/**
 * Whether the block is larger than any that one organisation has for itself, which are 10.0.0.0/8 and fc00::/7: halves of
 * the internet open a pod to it as much as all of it does.
 *
 * @source https://www.rfc-editor.org/rfc/rfc1918 and https://www.rfc-editor.org/rfc/rfc4193
 */
export function isEverywhere(cidr: string): boolean {
  const block = parse(cidr);
  return block !== undefined && block.prefix < (block.family === "ipv4" ? 8 : 7);
}
