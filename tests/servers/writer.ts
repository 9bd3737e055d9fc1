import type { ChildProcess } from "node:child_process";
import { eventually } from "../cluster/command.ts";
import type { SecureShell } from "./shell.ts";

/** Writes files as a database does: each is on the disk before it is acknowledged. It ends at the first that cannot be written. */
export class Writer {
  /** Checksums of the files that were acknowledged, by their paths. What was promised to a client. */
  readonly acknowledged = new Map<string, string>();
  private readonly child: ChildProcess;
  private complaints = "";

  /** @param folder where in the guest; as large as the volume, for the files stay */
  constructor(shell: SecureShell, folder: string, name = "record") {
    this.child = shell.start(`
      cd ${folder}
      for ((n = 1; ; n++)); do
        head -c 65536 /dev/urandom >${name}.next
        sync ${name}.next
        mv ${name}.next ${name}-$n
        sync .
        sha256sum ${folder}/${name}-$n
      done`);
    let rest = "";
    this.child.stdout?.on("data", (chunk: Buffer) => {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [sum = "", file = ""] = line.split(/\s+/);
        this.acknowledged.set(file, sum);
      }
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.complaints += chunk.toString();
    });
  }

  /** Waits until so many more files are written. */
  async progress(files: number, timeoutSeconds = 180): Promise<void> {
    const goal = this.acknowledged.size + files;
    await eventually(`${files} more files`, timeoutSeconds, async () => {
      if (this.child.exitCode !== null) throw new Error(`the writer has ended: ${this.complaints}`);
      return this.acknowledged.size >= goal || undefined;
    });
  }

  /** Whether it writes so many more files, or had to end before. */
  async goesOn(files: number, timeoutSeconds = 180): Promise<boolean> {
    const goal = this.acknowledged.size + files;
    return await eventually(`${files} more files, or an end`, timeoutSeconds, async () => {
      if (this.acknowledged.size >= goal) return true;
      return this.child.exitCode === null ? undefined : false;
    });
  }

  stop(): void {
    this.child.kill("SIGKILL");
  }
}

/** Files of those acknowledged that are not there, or not as they were written: on the disks, whatever memory holds. */
export async function lostFiles(shell: SecureShell, acknowledged: ReadonlyMap<string, string>): Promise<string[]> {
  const files = [...acknowledged.keys()].join("\n");
  const printed = await shell.root(
    `sync\necho 3 >/proc/sys/vm/drop_caches\nxargs --delimiter='\\n' sha256sum 2>&1 <<'FILES' || true\n${files}\nFILES`,
  );
  const there = new Set(printed.split("\n"));
  return [...acknowledged].flatMap(([file, sum]) => (there.has(`${sum}  ${file}`) ? [] : [file]));
}
