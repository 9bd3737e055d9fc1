import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../bootstrap/artifact.ts";
import { images } from "../catalogue.ts";
import { lockedJars, sha256Of } from "../jars.ts";
import { javaRuntime } from "../java/runtime.ts";
import type { Recipe } from "../recipe.ts";

/** Debezium's connector for PostgreSQL with all that it needs, as its project packs it: its release, and its SHA-256. */
const debezium = {
  version: images["kafka-connect"].version,
  sha256: "408b00c073b27ddaa7af34684f60fcf5bbf6605de68a8662ec9462f2a88880d2",
} as const;

export const kafkaConnect: Recipe = {
  async fill(root) {
    await javaRuntime(root, ["openssl"], ["openssl"]);
    await lockedJars("kafka-connect", join(root, "opt/kafka/libs"));
    await addDebezium(join(root, "opt/kafka/connect"), `${root}.debezium`);
    return `${images.kafka.version} with Debezium ${debezium.version}`;
  },
};

async function addDebezium(plugins: string, folder: string): Promise<void> {
  const { version, sha256 } = debezium;
  const name = `debezium-connector-postgres-${version}-plugin.tar.gz`;
  const artifact = `io.debezium:debezium-connector-postgres:${version}:tar.gz:plugin`;
  const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";
  await run("mvn", ["--quiet", "--batch-mode", copy, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]);
  const found = sha256Of(join(folder, name));
  if (found !== sha256) throw new Error(`The SHA-256 of ${name} is ${found}, not ${sha256}`);
  mkdirSync(plugins, { recursive: true });
  await run("tar", ["--extract", "--file", join(folder, name), "--no-same-owner", "--directory", plugins]);
  rmSync(folder, { recursive: true });
}
