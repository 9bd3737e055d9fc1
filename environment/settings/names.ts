import { list, text } from "./setting.ts";

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** Host name of at least two labels, in lower case, without a final dot. */
export const HOST_NAME = new RegExp(`^(?=.{1,253}$)(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`);

/** Name of a Kubernetes namespace: one DNS label. */
export const DNS_LABEL = new RegExp(`^${LABEL}$`);

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4_RANGE = `(?:${OCTET}\\.){3}${OCTET}/(?:3[0-2]|[12]?\\d)`;
const IPV6_RANGE = "(?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]{2,39}/(?:12[0-8]|1[01]\\d|[1-9]?\\d)";

/** Address range in CIDR notation, IPv4 or IPv6. */
export const ADDRESS_RANGE = new RegExp(`^(?:${IPV4_RANGE}|${IPV6_RANGE})$`);

/** One address without a prefix, IPv4 or IPv6. */
export const IP_ADDRESS = new RegExp(`^(?:(?:${OCTET}\\.){3}${OCTET}|(?=[0-9a-f:]*:[0-9a-f:]*:)[0-9a-f:]{2,39})$`);

/** What every setting that is an address range says of itself. */
export const RANGE_NOTES = {
  allowed: "an address range in CIDR notation; a single address ends in /32 (IPv4) or /128 (IPv6)",
} as const;

interface Notes {
  readonly description: string;
  readonly example: unknown;
  readonly source?: string;
  readonly defaultText?: string;
}

/** A host name that users see. */
export function hostName(notes: Notes) {
  return text(HOST_NAME, {
    allowed: "a host name of at least two parts, in lower case, without a final dot",
    ...notes,
  });
}

/** A list of address ranges. */
export function addressRanges(min: number, notes: Notes) {
  const range = text(ADDRESS_RANGE, {
    ...RANGE_NOTES,
    description: "An address range.",
    example: "192.0.2.10/32",
  });
  return list(range, min, { allowed: "a list of address ranges in CIDR notation", ...notes });
}

/** Certificates of an authority. */
export function authorityPem(notes: Notes) {
  return text(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END /, {
    allowed: "one or more certificates of authorities in PEM",
    maxLength: 262_144,
    ...notes,
  });
}

/** An address of a server outside, over TLS. */
export const HTTPS_URL = /^https:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?(?:\/[\x21-\x7e]*)?$/;
