import type { ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { type MachineSecrets, seedFiles } from "../../components/servers/first-boot/index.ts";
import type { Server } from "../../components/servers/model.ts";
import { type Audit, auditOf } from "../../tools/server-audit/audit.ts";
import { factsOf } from "../../tools/server-audit/facts/index.ts";
import { recordingOf, script } from "../../tools/server-audit/script.ts";
import { command, eventually } from "../cluster/command.ts";
import { Guest } from "./guest.ts";
import { guestImage } from "./image.ts";
import {
  administrator,
  inLan,
  LAB_DISK_MIB,
  labDisks,
  labPackages,
  labServer,
  lanFleet,
  lanHosts,
  outside,
} from "./lab.ts";
import { Lan, lanAddress } from "./lan.ts";
import { metricsIdentity } from "./metrics-identity.ts";

/** A host of the cluster's network that nobody has described. */
export const STRANGER = 99;
export const PASSPHRASE = "a passphrase that nobody has to type";
export const secrets: MachineSecrets = {
  passphrases: { fast: PASSPHRASE },
  metrics: metricsIdentity(lanAddress(lanHosts.server)),
};

/** The lab's machine with its seed, in a network with other hosts. */
export class LabGuest {
  readonly server: Server;
  readonly guest: Guest;
  readonly lan: Lan;
  private readonly timeServer: ChildProcess;

  private constructor(server: Server, guest: Guest, lan: Lan, timeServer: ChildProcess) {
    this.server = server;
    this.guest = guest;
    this.lan = lan;
    this.timeServer = timeServer;
  }

  /** Builds it from new parts, without switching it on. */
  static async build(): Promise<LabGuest> {
    rmSync(KEY_FILE, { force: true });
    mkdirSync(resolve("build", "servers"), { recursive: true });
    await command("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", KEY_FILE]);
    const server = inLan(labServer(readFileSync(`${KEY_FILE}.pub`, "utf8").trim()));
    const {
      "meta-data": metaData = "",
      "user-data": userData = "",
      "network-config": networkConfig = "",
    } = seedFiles(server, lanFleet(server), secrets);
    const lan = new Lan();
    const guest = new Guest({
      name: "lab",
      image: await guestImage(labPackages(server)),
      seed: { "meta-data": metaData, "user-data": userData, "network-config": networkConfig },
      login: { user: administrator, keyFile: KEY_FILE },
      disks: Object.fromEntries(labDisks.map((serial) => [serial, LAB_DISK_MIB])),
      lan,
      tpm: true,
      memoryMiB: 1280,
    });
    await guest.build();
    const { gateway, bastion, controlPlane, worker } = lanHosts;
    await lan.start([gateway, bastion, controlPlane, worker, STRANGER], Object.values(outside));
    const timeServer = lan.run(resolve("tests/servers/time-server.ts"), lanAddress(gateway));
    return new LabGuest(server, guest, lan, timeServer);
  }

  /** Runs lines of a shell as root. */
  root(lines: string): Promise<string> {
    return this.guest.shell.root(lines, { timeoutSeconds: 300 });
  }

  /** Compares it with its description, once its clock follows the time server. */
  audit(): Promise<Audit> {
    return eventually("a clock that follows the time server", 120, async () => {
      const { answers } = recordingOf(await this.root(script()));
      const facts = factsOf(answers);
      if (!facts.clock.known || !facts.clock.value.synchronized) return undefined;
      return auditOf(this.server, lanFleet(this.server), facts);
    });
  }

  async remove(): Promise<void> {
    await this.guest.remove();
    this.timeServer.kill();
    await this.lan.stop();
    for (const file of [KEY_FILE, `${KEY_FILE}.pub`]) rmSync(file, { force: true });
  }
}

const KEY_FILE = resolve("build", "servers", "lab-key");
