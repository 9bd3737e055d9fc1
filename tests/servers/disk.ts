import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { command } from "../cluster/command.ts";

/** A disk in a sparse file: only what is written takes room. It is there whether or not it is in a machine. */
export class Disk {
  /** Given by its maker, at most 20 characters: the guest finds it as `/dev/disk/by-id/virtio-<serial>`. */
  readonly serial: string;
  readonly file: string;

  private constructor(serial: string, file: string) {
    if (serial.length > 20) throw new Error(`The serial number ${serial} is longer than virtio's 20 characters.`);
    this.serial = serial;
    this.file = file;
  }

  /** A disk as it comes from the shop: all zeros. */
  static blank(serial: string, file: string, sizeMiB: number): Disk {
    const disk = new Disk(serial, file);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    const descriptor = openSync(file, "w", 0o600);
    ftruncateSync(descriptor, sizeMiB * 1024 * 1024);
    closeSync(descriptor);
    return disk;
  }

  static async copyOf(original: string, serial: string, file: string): Promise<Disk> {
    const disk = new Disk(serial, file);
    mkdirSync(dirname(file), { recursive: true });
    await copySparse(original, file);
    return disk;
  }

  /** Where the guest finds it, whatever else is plugged in. */
  get path(): string {
    return `/dev/disk/by-id/virtio-${this.serial}`;
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}

/** Copies a file without filling its holes. */
export async function copySparse(from: string, to: string): Promise<void> {
  await command("cp", ["--sparse=always", "--reflink=auto", from, to]);
}
