import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { issueCertificate } from "../../issue-certificate.ts";
import { eventually } from "../command.ts";
import { pods } from "../kubectl.ts";
import { ask, shakeHands } from "../requests.ts";
import type { Change } from "../stack.ts";
import type { Stage } from "../stage.ts";

/** The certificate's files reach the pods when the kubelet looks again, which it does once a minute. */
const CERTIFICATE_SECONDS = 150;

/** What asks at the edge as people do, and is told whom to trust. */
const WATCHES_THE_EDGE = /^(probe|blackbox-exporter|edge-authority)/;

/** A change of one setting changes what it must, and no more. */
export function change(stage: Stage): void {
  describe("a change", () => {
    it("of Synapse's memory restarts Synapse alone", async () => {
      const before = await podIds(stage);
      const { im } = stage.settings;
      stage.stack.configure({ ...stage.settings, im: { ...im, memoryMiB: 1536 } });
      const changes = await stage.stack.changes();
      expect(summary(changes)).toContain("update kubernetes:apps/v1:StatefulSet synapse");
      // Its caches grow with its memory, so its configuration changes too.
      expect(changes.filter(({ name }) => !/^synapse/.test(name))).toEqual([]);
      await stage.stack.up();
      await stage.stack.up("--expect-no-changes");
      const after = await podIds(stage);
      const replaced = Object.keys(before).filter((name) => before[name] !== after[name]);
      expect(replaced).toEqual(["synapse-0"]);
    });

    it("of the certificate changes only the certificate, and no request is lost while the edge takes it", async () => {
      const hosts = [stage.domain, `chat.${stage.domain}`, stage.homeserverHost];
      const authority = issueCertificate({ ca: true });
      const issued = issueCertificate({ hosts, issuer: authority });
      const bothFile = join(stage.scratch, "both-authorities.pem");
      writeFileSync(bothFile, `${stage.outputs.certificateAuthority}\n${authority.certificatePem}`);
      const before = await podIds(stage);
      const old = (await shakeHands(stage.outputs.url, bothFile, "TLSv1.3")).fingerprint;

      const { im, edge } = stage.settings;
      const certificate = { kind: "provided", certificatePem: issued.certificatePem };
      stage.stack.configure({
        ...stage.settings,
        im: { ...im, memoryMiB: 1536 },
        edge: { ...edge, certificate },
      });
      await stage.stack.configureSecret("edge.certificate.keyPem", issued.keyPem);
      const changes = await stage.stack.changes();
      const certificates = /^(tls:|kubernetes:core\/v1:Secret|roost:)/;
      expect(changes.filter(({ type, name }) => !certificates.test(type) && !WATCHES_THE_EDGE.test(name))).toEqual([]);
      expect(changes.length).toBeGreaterThan(0);

      const visitor = new Visitor(`${stage.outputs.homeserver}/_matrix/client/versions`, bothFile);
      const began = Date.now();
      try {
        await stage.stack.up();
        await eventually("the new certificate", CERTIFICATE_SECONDS, async () => {
          const { fingerprint } = await shakeHands(stage.outputs.url, bothFile, "TLSv1.3");
          return fingerprint === old ? undefined : fingerprint;
        });
      } finally {
        await sleep(3000);
        await visitor.leave();
      }
      const seconds = (Date.now() - began - 3000) / 1000;
      const { answered, lost } = visitor;
      stage.record("certificate_change_seconds", {
        value: seconds,
        unit: "s",
        n: 1,
        note: "pulumi up, and until it is seen",
      });
      stage.record("requests_lost_in_reload", { value: lost.length, unit: "count", n: answered + lost.length });
      expect(lost).toEqual([]);
      expect(answered).toBeGreaterThan(50);
      const others = (ids: Readonly<Record<string, string>>) =>
        Object.entries(ids).filter(([name]) => !WATCHES_THE_EDGE.test(name));
      expect(others(await podIds(stage))).toEqual(others(before));
    });

    it("back to the first settings is as quiet", async () => {
      stage.stack.configure(stage.settings);
      await stage.stack.up();
      await stage.stack.up("--expect-no-changes");
      await eventually("the private certificate", CERTIFICATE_SECONDS, async () => {
        await shakeHands(stage.outputs.url, stage.caFile, "TLSv1.3");
        return true;
      });
    });
  });
}

/** Somebody who asks for the same thing again and again, on a new connection each time. */
class Visitor {
  answered = 0;
  readonly lost: string[] = [];
  private gone = false;
  private readonly visits: Promise<void>;

  constructor(url: string, caFile: string) {
    this.visits = this.visit(url, caFile);
  }

  leave(): Promise<void> {
    this.gone = true;
    return this.visits;
  }

  private async visit(url: string, caFile: string): Promise<void> {
    while (!this.gone) {
      try {
        const { status } = await ask(url, { caFile });
        if (status === 200) this.answered += 1;
        else this.lost.push(`status ${status}`);
      } catch (error) {
        this.lost.push(String(error));
      }
      await sleep(50);
    }
  }
}

function summary(changes: readonly Change[]): string[] {
  return changes.map(({ operation, type, name }) => `${operation} ${type} ${name}`);
}

/** Which pods there are, by name. */
async function podIds(stage: Stage): Promise<Record<string, string>> {
  return Object.fromEntries((await pods(stage.namespace)).map(({ metadata }) => [metadata.name, metadata.uid]));
}
