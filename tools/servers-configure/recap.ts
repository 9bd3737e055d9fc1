/** What Ansible says at its end of a machine. */
export interface HostRecap {
  readonly ok: number;
  readonly changed: number;
  readonly unreachable: number;
  readonly failed: number;
}

export type Recap = ReadonlyMap<string, HostRecap>;

/** Reads `PLAY RECAP`, whose lines are `office : ok=12 changed=2 unreachable=0 failed=0 …`, with or without colours. */
export function recapOf(output: string): Recap {
  const plain = output.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g"), "");
  const [, recap = ""] = plain.split(/^PLAY RECAP \**$/m);
  const line = /^(\S+)\s*: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)/gm;
  return new Map(
    [...recap.matchAll(line)].map(([, name = "", ok, changed, unreachable, failed]) => [
      name,
      { ok: Number(ok), changed: Number(changed), unreachable: Number(unreachable), failed: Number(failed) },
    ]),
  );
}

/** Machines on which something changed, or would. */
export function changedIn(recap: Recap): readonly string[] {
  return [...recap].filter(([, { changed }]) => changed > 0).map(([name]) => name);
}
