import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../cluster/command.ts";
import { spawnBound } from "./process.ts";

/** A TPM 2.0 in software: what it keeps stays when the machine is off, as a real one's does. */
export class SoftwareTpm {
  private readonly state: string;
  private readonly socket: string;
  private child: ChildProcess | undefined;

  /** @param socketFolder a folder with a short path */
  constructor(state: string, socketFolder: string) {
    this.state = state;
    this.socket = join(socketFolder, "tpm");
  }

  /** Starts it for one run of the machine, with which it ends. @returns the emulator's arguments */
  async start(): Promise<string[]> {
    mkdirSync(this.state, { recursive: true });
    this.child = spawnBound("swtpm", [
      ...["socket", "--tpm2", "--terminate"],
      ...["--tpmstate", `dir=${this.state}`, "--ctrl", `type=unixio,path=${this.socket}`],
    ]);
    await eventually("the TPM", 10, async () => existsSync(this.socket) || undefined);
    return [
      ...["-chardev", `socket,id=tpm,path=${this.socket}`],
      ...["-tpmdev", "emulator,id=tpm,chardev=tpm", "-device", "tpm-tis,tpmdev=tpm"],
    ];
  }

  stop(): void {
    this.child?.kill("SIGKILL");
  }
}
