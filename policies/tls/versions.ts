/** Versions of TLS, the oldest first. */
export const versions = ["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

export type Version = (typeof versions)[number];

/** The version as programs write it: some call the first one `TLSv1`. */
export function versionOf(text: string | undefined): Version | undefined {
  return versions.find((version) => version === (text === "TLSv1" ? "TLSv1.0" : text));
}

export function isOlder(one: Version, other: Version): boolean {
  return versions.indexOf(one) < versions.indexOf(other);
}

/** The oldest of some. */
export function oldestOf(some: readonly Version[]): Version | undefined {
  return versions.find((version) => some.includes(version));
}
