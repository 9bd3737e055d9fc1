/**
 * Brings an object store to what the stack declares, once: `node object-store.js <object-store.json> <folder with the keys>
 * [<file with the store's authority>]`. It waits for the store, tells each change on a line, and ends with an error that says what
 * is wrong. Doing it again changes nothing.
 */
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { endWith } from "../directory-check/termination.ts";
import { messageOf } from "../runtime/log.ts";
import { S3 } from "../runtime/s3.ts";
import { reconcile } from "./reconcile.ts";
import type { ObjectStoreSpecification } from "./specification.ts";

/** How long the store may take to be there: it starts with this program. */
const patienceMilliseconds = 300_000;

async function main([file, folder, authority]: readonly string[]): Promise<void> {
  if (file === undefined || folder === undefined)
    throw new Error("usage: object-store <object-store.json> <folder> [<ca.crt>]");
  // The stack's own component wrote it, and its type is this.
  const specification: ObjectStoreSpecification = JSON.parse(readFileSync(file, "utf8"));
  const read = (name: string) => readFileSync(join(folder, name), "utf8").trim();
  const agent = new Agent({
    keepAlive: true,
    minVersion: "TLSv1.2",
    ca: authority === undefined ? [...rootCertificates] : readFileSync(authority),
  });
  const keys = { accessKeyId: read("access-key-id"), secretAccessKey: read("secret-access-key") };
  const store = new S3({ ...specification, ...keys, agent });
  const tell = (fields: object) => console.log(JSON.stringify({ level: "info", ...fields }));
  let changes = 0;
  try {
    await storeThere(store, Object.keys(specification.buckets)[0]);
    await reconcile(store, specification, {
      changed(change) {
        changes += 1;
        tell({ event: "object store changed", change });
      },
      found: (what) => tell({ event: "object store has more", what }),
    });
  } finally {
    agent.destroy();
  }
  tell({ event: "object store is as declared", changes });
}

/** Any answer will do, but those of something before the store that has not found it. */
async function storeThere(store: S3, bucket: string | undefined): Promise<void> {
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    try {
      const { status } = await store.send({ method: "HEAD", ...(bucket !== undefined && { bucket }) });
      if (status < 500) return;
      throw new Error(`HTTP ${status}`);
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`the store does not answer: ${messageOf(error)}`, { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

main(process.argv.slice(2)).catch(endWith("object store not as declared"));
