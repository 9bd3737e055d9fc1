/** Which engine and plugins are installed; the npm packages of the same names carry the same versions. */

/** The Pulumi CLI. Later ones do not compile together with the kubernetes provider (see go/go.mod). */
export const engineVersion = "3.228.0";

export const pluginVersions = {
  kubernetes: "4.25.0",
  random: "4.21.2",
  tls: "5.3.1",
  docker: "5.2.0",
} as const;

export type PluginName = keyof typeof pluginVersions;

/** An official release, by processor as Node names it: SHA-256 of the archive. */
export type Checksums = Readonly<Partial<Record<NodeJS.Architecture, string>>>;

/**
 * The official releases that may be downloaded. One whose checksum is not known here is built from source instead:
 * nothing is run that cannot be verified.
 */
export const officialPlugins: Readonly<Partial<Record<PluginName, Checksums>>> = {
  kubernetes: {
    x64: "6ea3d53c16a00c4d1017c4d109928d8f4801fd7cd978965cd43917561f3774b0",
    arm64: "e4260240ed14bff6ed1a5a25a362311380ea1c072544fc262532b8197ea0725c",
  },
};
