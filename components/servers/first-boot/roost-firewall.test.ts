import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { office, single } from "../testing.ts";
import { packetFilter } from "./packet-filter.ts";
import { SCRIPTS_FOLDER } from "./scripts.ts";

const NAMESPACES = ["--net", "--mount", "--map-root-user"];
/** Whether there is nft, and namespaces in which it may be run. */
const possible = spawnSync("unshare", [...NAMESPACES, "/usr/sbin/nft", "--version"]).status === 0;

/** Where /etc lies in the namespace, and programs that stand for those of systemd. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "roost-firewall-"));
  for (const name of ["etc/roost", "etc/nftables.d", "bin"]) mkdirSync(join(folder, name), { recursive: true });
  for (const { path, content } of packetFilter(office, single).files ?? [])
    if (/^\/etc\/(roost|nftables\.d)\//.test(path)) writeFileSync(join(folder, path), content);
  for (const name of ["systemd-run", "systemctl", "logger"]) {
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\necho "${name} $*" >>/run/called\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs lines of a shell in a network of their own. @returns what they printed */
function run(...lines: string[]): string[] {
  const script = [
    "mount -t tmpfs none /run",
    `mount --bind ${folder}/etc /etc`,
    `export PATH=${folder}/bin:/usr/sbin:$PATH`,
    `firewall() { bash ${join(SCRIPTS_FOLDER, "roost-firewall.sh")} "$@" 2>/dev/null; }`,
    "ports() { nft list table inet roost | grep -o 'dport [0-9]*' | sort -u | tr '\\n' ' '; }",
    `changed() { sed 's/tcp dport 443 /tcp dport 8443 /' /etc/nftables.d/roost.nft >/run/changed.nft; }`,
    ...lines,
  ];
  const { stdout, stderr } = spawnSync("unshare", [...NAMESPACES, "sh", "-c", script.join("\n")], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.trimEnd().split("\n");
}

(possible ? describe : describe.skip)("roost-firewall", () => {
  it("loads the filter that is kept", () => {
    expect(run("firewall state", "firewall load; echo $?", "firewall state", "ports | grep -c 443")).toEqual([
      "none",
      "0",
      "kept",
      "1",
    ]);
  });

  it("opens SSH alone where the file is broken, and says so", () => {
    const broken = "echo 'table inet roost { chain input { nonsense } }' >/etc/nftables.d/roost.nft";
    const printed = run(
      broken,
      "firewall load; echo $?",
      "firewall state",
      "ports; echo",
      "grep -c 'logger.*crit' /run/called",
    );
    expect(printed).toEqual(["1", "minimal", "dport 22 ", "1"]);
  });

  it("loads another one for as long as was said, until it is confirmed", () => {
    const printed = run(
      "firewall load; changed; firewall apply /run/changed.nft; echo $?",
      "firewall state; ports | grep -c 8443",
      "grep -o 'systemd-run.*on-active=120s' /run/called | grep -c fall-back",
      "firewall confirm; echo $?",
      "firewall state; grep -c 8443 /etc/nftables.d/roost.nft",
    );
    expect(printed).toEqual(["0", "unconfirmed", "1", "1", "0", "kept", "1"]);
  });

  it("goes back to the one that is kept", () => {
    const printed = run(
      "firewall load; changed; firewall apply /run/changed.nft",
      "firewall fall-back; firewall state",
      "ports | grep -c 8443",
      "firewall confirm; echo $?",
    );
    expect(printed).toEqual(["kept", "0", "1"]);
  });

  it("changes nothing for a file that nft does not read, nor while another change waits", () => {
    const printed = run(
      "firewall load; changed",
      "echo nonsense >/run/nonsense.nft; firewall apply /run/nonsense.nft; echo $?",
      "firewall state",
      "firewall apply /run/changed.nft; firewall apply /etc/nftables.d/roost.nft; echo $?",
      "firewall state; ports | grep -c 8443",
    );
    expect(printed).toEqual(["1", "kept", "1", "unconfirmed", "1"]);
  });
});
