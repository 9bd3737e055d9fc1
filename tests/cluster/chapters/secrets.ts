import { createPublicKey } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import type { Secret } from "../kubectl.ts";
import { kubectl, objects, pods } from "../kubectl.ts";
import { processesOf } from "../processes.ts";
import type { Stage } from "../stage.ts";

/** What lies in Secrets beside what is secret. */
const PUBLIC_KEYS = /^(tls\.crt|ca\.crt|.*\.crt|username|user|dbname|host|port)$/;
const SHORTEST_SECRET = 9;

/** Where the environment's Secrets are. */
export function namespacesOf({ namespace }: Stage): readonly string[] {
  return [namespace, "cnpg-system"];
}

/** No Secret's value is to be read anywhere but in the Secret and in the files of the pods that need it. */
export function secrets(stage: Stage): void {
  const namespaces = namespacesOf(stage);

  describe("secrets", () => {
    it("are there to be looked for", async () => {
      expect((await secretValues(namespaces)).size).toBeGreaterThanOrEqual(8);
    });

    it("are encrypted in the state", async () => {
      expect(await seenIn(await stage.stack.exported())).toEqual([]);
    });

    it("are not in what the engine printed in previews and updates", async () => {
      await stage.stack.preview("--diff", "--show-replacement-steps", "--show-sames");
      expect(stage.stack.printed.length).toBeGreaterThan(1000);
      expect(await seenIn(stage.stack.printed)).toEqual([]);
    });

    it("are not in the pods' definitions and not in ConfigMaps", async () => {
      for (const namespace of namespaces) {
        expect(await seenIn(await kubectl(["get", "pods,configmaps,events", "-n", namespace, "-o", "json"]))).toEqual(
          [],
        );
      }
    });

    it("are not in any process's environment or command line", async () => {
      const processes = (await everyPod()).flatMap(processesOf);
      expect(processes.length).toBeGreaterThan(10);
      expect(await seenIn(processes.map(({ commandLine }) => commandLine).join("\n"))).toEqual([]);
      expect(await seenIn(processes.map(({ environment }) => environment).join("\n"))).toEqual([]);
    });

    it("are not in any log", async () => {
      const logs = await Promise.all(
        (await everyPod()).map(({ metadata: { name, namespace = "" } }) =>
          kubectl(["logs", "-n", namespace, name, "--all-containers", "--ignore-errors"]),
        ),
      );
      expect(logs.join("").length).toBeGreaterThan(1000);
      expect(await seenIn(logs.join("\n"))).toEqual([]);
    });
  });

  async function everyPod() {
    return (await Promise.all(namespaces.map((namespace) => pods(namespace)))).flat();
  }

  const seenIn = (text: string) => secretsSeenIn(text, namespaces);
}

/** Which of the Secrets' values the text shows, by `namespace/name/key`. */
export async function secretsSeenIn(text: string, namespaces: readonly string[]): Promise<string[]> {
  const values = await secretValues(namespaces);
  return [...values].filter(([, value]) => spellings(value).some((each) => text.includes(each))).map(([name]) => name);
}

/** The values of all Secrets that are worth keeping, by `namespace/name/key`. */
async function secretValues(namespaces: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const all = await Promise.all(namespaces.map((namespace) => objects<Secret>("secrets", "-n", namespace)));
  return new Map(
    all.flat().flatMap(({ metadata, data = {} }) =>
      Object.entries(data).flatMap(([key, encoded]): [string, string][] => {
        const value = Buffer.from(encoded, "base64").toString();
        if (PUBLIC_KEYS.test(key) || value.length < SHORTEST_SECRET) return [];
        return [[`${metadata.namespace}/${metadata.name}/${key}`, value]];
      }),
    ),
  );
}

/** A secret as it may come to light: as it is, in base64, and each line of it that is long enough to be a secret itself. */
function spellings(value: string): string[] {
  const whole = value.trim();
  const published = /PRIVATE KEY/.test(whole) ? publicPart(whole) : "";
  const lines = whole.split("\n").map((line) => line.trim());
  const secretLines = lines.filter(
    (line) => line.length >= 24 && !/^-----|^[\w.]+:\s/.test(line) && !published.includes(line),
  );
  return [whole, JSON.stringify(whole).slice(1, -1), Buffer.from(value).toString("base64"), ...secretLines];
}

/** What a private key's PEM has in common with its public key's. */
function publicPart(privateKeyPem: string): string {
  const pem = createPublicKey(privateKeyPem).export({ type: "spki", format: "pem" });
  return pem.toString().replaceAll("\n", "");
}
