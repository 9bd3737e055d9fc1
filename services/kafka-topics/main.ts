/**
 * Brings Kafka's topics, rules and quotas to what the stack declares, once: `node kafka-topics.js <topics.json> <folder with the
 * certificate>`. It waits for the brokers, tells each change on a line, and ends with an error that says what is wrong. Doing it
 * again changes nothing.
 */
import { readFileSync } from "node:fs";
import { Admin } from "@platformatic/kafka";
import { endWith } from "../directory-check/termination.ts";
import { readTls } from "../runtime/tls.ts";
import { reasonOf } from "./reason.ts";
import { reconcile } from "./reconcile.ts";
import type { KafkaSpecification } from "./specification.ts";

/** How long the brokers may take to be there: they start with this program. */
const patienceMilliseconds = 300_000;

async function main([file, folder]: readonly string[]): Promise<void> {
  if (file === undefined || folder === undefined) throw new Error("usage: kafka-topics <topics.json> <folder>");
  // The stack's own component wrote it, and its type is this.
  const specification: KafkaSpecification = JSON.parse(readFileSync(file, "utf8"));
  const tls = readTls(folder);
  const bootstrapBrokers = [...specification.bootstrapServers];
  const admin = new Admin({ clientId: "kafka-topics", bootstrapBrokers, tls, retries: 10, retryDelay: 500 });
  let changes = 0;
  const tell = (fields: object) => console.log(JSON.stringify({ level: "info", ...fields }));
  try {
    await brokersThere(admin, specification.brokers);
    await reconcile(admin, specification, {
      changed(change) {
        changes += 1;
        tell({ event: "kafka changed", change });
      },
      found: (what) => tell({ event: "kafka has more", what }),
    });
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  } finally {
    await admin.close();
  }
  tell({ event: "kafka is as declared", changes });
}

/** A topic's copies are spread over the brokers that are there when it is made. */
async function brokersThere(admin: Admin, wanted: number): Promise<void> {
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    const late = Date.now() > deadline;
    try {
      const { brokers } = await admin.metadata({ topics: [], forceUpdate: true });
      if (brokers.size >= wanted) return;
      if (late) throw new Error(`${brokers.size} of ${wanted} brokers are there`);
    } catch (error) {
      if (late) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

main(process.argv.slice(2)).catch(endWith("kafka not as declared"));
