/** Pure: from a machine's description to the `BareMetalHost` that Metal3 installs it by. */
import type { Pool, RaidLevel, Redundancy, RootDisk, Server, SystemImage } from "../model.ts";

/**
 * Spec of a `BareMetalHost`, as far as it is used.
 * @source https://github.com/metal3-io/baremetal-operator/blob/v0.10.1/apis/metal3.io/v1alpha1/baremetalhost_types.go
 */
export interface BareMetalHostSpec {
  readonly online: boolean;
  readonly description: string;
  readonly bootMACAddress: string;
  readonly bootMode: "UEFI" | "legacy";
  readonly automatedCleaningMode: "metadata" | "disabled";
  readonly bmc: { readonly address: string; readonly credentialsName: string };
  readonly rootDeviceHints: RootDisk;
  readonly image: {
    readonly url: string;
    readonly checksum: string;
    readonly checksumType: "sha256" | "sha512";
    readonly format: SystemImage["format"];
  };
  readonly raid?: { readonly hardwareRAIDVolumes: readonly HardwareRaidVolume[] };
  readonly userData: SecretReference;
  readonly networkData: SecretReference;
  readonly metaData: SecretReference;
}

export interface HardwareRaidVolume {
  readonly name: string;
  readonly level: "0" | "1" | "5" | "6" | "1+0";
  readonly controller: string;
  readonly numberOfPhysicalDisks: number;
  readonly rotational: boolean;
}

export interface SecretReference {
  readonly name: string;
  readonly namespace: string;
}

/** A machine that Metal3 installs. */
export type Metal3Server = Server & { readonly provisioner: Extract<Server["provisioner"], { kind: "metal3" }> };

export function isMetal3(server: Server): server is Metal3Server {
  return server.provisioner.kind === "metal3";
}

/** Names of the Secrets that a machine has in the host's namespace. */
export function secretNames({ name }: Pick<Server, "name">) {
  return {
    credentials: `${name}-bmc`,
    userData: `${name}-user-data`,
    networkData: `${name}-network-data`,
    metaData: `${name}-meta-data`,
  };
}

export function hostSpec(server: Metal3Server): BareMetalHostSpec {
  const { provisioner, storage, role, failureDomains } = server;
  const { namespace, image } = provisioner;
  const names = secretNames(server);
  const volumes = storage.pools.flatMap(hardwareVolume);
  return {
    online: true,
    description: `${role}, ${failureDomains.rack}`,
    bootMACAddress: provisioner.bootMac,
    bootMode: provisioner.bootMode,
    // Cleaning erases the partition tables of all disks. A machine that is installed again finds its pools, and uses them.
    automatedCleaningMode: "disabled",
    bmc: { address: provisioner.bmcAddress, credentialsName: names.credentials },
    rootDeviceHints: provisioner.rootDisk,
    image: { ...image, checksumType: image.checksum.length === 64 ? "sha256" : "sha512" },
    // Arrays of md are made by first boot, not here: it knows their members by name.
    ...(volumes.length > 0 && { raid: { hardwareRAIDVolumes: volumes } }),
    userData: { name: names.userData, namespace },
    networkData: { name: names.networkData, namespace },
    metaData: { name: names.metaData, namespace },
  };
}

const LEVELS: Readonly<Record<RaidLevel, HardwareRaidVolume["level"]>> = {
  raid0: "0",
  raid1: "1",
  raid5: "5",
  raid6: "6",
  raid10: "1+0",
};

function hardwareVolume({ name, redundancy }: Pool): HardwareRaidVolume[] {
  if (redundancy.kind !== "hardware") return [];
  const { level, controller, members } = redundancy;
  return [
    {
      name,
      level: LEVELS[level],
      controller,
      numberOfPhysicalDisks: members.length,
      rotational: isRotational(redundancy),
    },
  ];
}

function isRotational({ members }: Extract<Redundancy, { kind: "hardware" }>): boolean {
  return members.some(({ media }) => media === "hdd");
}
