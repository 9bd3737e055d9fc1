import { rmSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "../../bootstrap/artifact.ts";
import { firstProcess } from "../../bootstrap/cluster/host-processes.ts";
import { controlPlane } from "../../bootstrap/cluster/site.ts";
import { attempt, command } from "./command.ts";
import { here } from "./here.ts";

/** File systems of the cluster's node, each of its own device, where a described machine mounts its volumes. */
export class MachineVolumes {
  private readonly sizesGiB: Readonly<Record<string, number>>;

  /** @param sizesGiB by mount point */
  constructor(sizesGiB: Readonly<Record<string, number>>) {
    this.sizesGiB = sizesGiB;
  }

  async mount(): Promise<void> {
    await this.remove();
    for (const [mountPoint, sizeGiB] of Object.entries(this.sizesGiB)) {
      const file = fileOf(mountPoint);
      await command("truncate", ["--size", `${sizeGiB}G`, file]);
      await command("mkfs.ext4", ["-q", file]);
      await this.inNode("mkdir", "--parents", mountPoint);
      // The file is outside of what the node sees; the machine's devices are not.
      const device = (await command("losetup", ["--find", "--show", file])).trim();
      await this.inNode("mount", "-o", "noatime,nodev,nosuid,noexec", device, mountPoint);
    }
  }

  /** Kilobytes that are used at the mount point. */
  async usedKiB(mountPoint: string): Promise<number> {
    return Number((await this.inNode("df", "--output=used", mountPoint)).trim().split("\n").at(-1));
  }

  /** Uses so much of the file system. */
  async fill(mountPoint: string, mib: number): Promise<void> {
    await this.inNode("fallocate", "--length", `${mib}MiB`, join(mountPoint, "fill"));
  }

  /** Uses what is left of the file system but so much. */
  async leave(mountPoint: string, mib: number): Promise<void> {
    const available = (await this.inNode("df", "--block-size=1M", "--output=avail", mountPoint))
      .trim()
      .split("\n")
      .at(-1);
    await this.inNode("fallocate", "--length", `${Number(available) - mib}MiB`, join(mountPoint, `leave-${mib}`));
  }

  /** Gives back what `leave` has used. */
  async free(mountPoint: string): Promise<void> {
    await this.inNode("sh", "-c", `rm -f ${join(mountPoint, "leave-")}*`);
  }

  async remove(): Promise<void> {
    for (const mountPoint of Object.keys(this.sizesGiB)) {
      await attempt("nsenter", [...this.node, "umount", mountPoint]);
      const { stdout: devices } = await attempt("losetup", [
        "--noheadings",
        "--output",
        "NAME",
        "-j",
        fileOf(mountPoint),
      ]);
      for (const device of devices.split("\n").filter(Boolean)) await command("losetup", ["--detach", device]);
      rmSync(fileOf(mountPoint), { force: true });
    }
  }

  private inNode(...words: string[]): Promise<string> {
    return command("nsenter", [...this.node, ...words]);
  }

  private get node(): string[] {
    return ["--target", `${firstProcess(here, controlPlane)}`, "--mount", "--"];
  }
}

function fileOf(mountPoint: string): string {
  return join(dataFolder, "tests", `volume${mountPoint.replaceAll("/", "-")}.raw`);
}

export interface MountedVolume {
  readonly name: string;
  readonly mountPoint: string;
  readonly storage: string;
  readonly claim: { readonly name: string; readonly namespace: string };
}

/** The volume that lies at a mount point of the node, and the claim that takes it and no other. */
export function mountedVolume({ name, mountPoint, storage, claim }: MountedVolume): readonly object[] {
  const shared = { accessModes: ["ReadWriteOnce"], storageClassName: "" };
  const onNode = { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [controlPlane] }] };
  return [
    {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name },
      spec: {
        ...{ ...shared, capacity: { storage }, persistentVolumeReclaimPolicy: "Retain" },
        local: { path: mountPoint },
        nodeAffinity: { required: { nodeSelectorTerms: [onNode] } },
      },
    },
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: claim,
      spec: { ...shared, volumeName: name, resources: { requests: { storage } } },
    },
  ];
}
