import { z } from "zod";
import { DNS_LABEL, IP_ADDRESS } from "../names.ts";
import { list, text } from "../setting.ts";

interface Notes {
  readonly description: string;
  readonly example: unknown;
  readonly defaultText?: string;
}

/** One address, without a prefix. */
export function address(notes: Notes) {
  return text(IP_ADDRESS, { allowed: "one address, IPv4 or IPv6, without a prefix", ...notes });
}

/** MAC address, as `ip link` prints it. */
export function mac(notes: Notes) {
  return text(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, {
    allowed: "six pairs of hexadecimal digits in lower case with colons between them",
    ...notes,
  });
}

/** Host names or addresses of servers. */
export function hosts(notes: Notes) {
  const host = text(/^[a-z0-9][a-z0-9.:-]*$/, {
    description: "A server.",
    allowed: "a host name or an address",
    example: "10.1.0.2",
  });
  return list(host, 1, { allowed: "a list of host names or addresses", ...notes });
}

/** Entries under names that the operator chooses, each a DNS label. */
export function named<Entry extends z.ZodType>(
  entry: Entry,
  maxLength: number,
  notes: {
    readonly description: string;
    readonly allowed: string;
    readonly example: unknown;
    readonly entryName: string;
  },
) {
  return z.record(z.string().max(maxLength).regex(DNS_LABEL), entry).meta(notes);
}
