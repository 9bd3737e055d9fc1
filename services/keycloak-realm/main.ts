/**
 * Makes the realm what the stack declares, once: `node keycloak-realm.js <realm.json> <folder with secrets>`. It waits for
 * Keycloak, tells each change on a line, and ends with an error that says what is wrong. Doing it again changes nothing.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Changes } from "./changes.ts";
import { reconcile } from "./reconcile.ts";
import { signIn } from "./sign-in.ts";
import type { RealmSpecification, Target } from "./specification.ts";

/** How long Keycloak may take to answer: it makes its database's schema first. */
const patienceMilliseconds = 300_000;

async function main([file, folder]: readonly string[]): Promise<void> {
  if (file === undefined || folder === undefined) throw new Error("usage: keycloak-realm <realm.json> <folder>");
  // The stack's own component wrote it, and its types are these.
  const { target, specification }: { target: Target; specification: RealmSpecification } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  const secret = (name: string) => readFileSync(join(folder, name), "utf8").trim();
  const changes = new Changes();
  await answering(target.url);
  const admin = await signIn({ target, specification, changes, secret });
  await reconcile({ admin, specification, changes, secret });
  console.log(
    JSON.stringify({ level: "info", event: "realm reconciled", realm: specification.name, changes: changes.count }),
  );
}

async function answering(url: string): Promise<void> {
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    try {
      const { status } = await fetch(`${url}/realms/master`, { signal: AbortSignal.timeout(10_000) });
      if (status < 500) return;
      if (Date.now() > deadline) throw new Error(`${url} answers with status ${status}`);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const detail = error instanceof Error && "responseData" in error ? error.responseData : undefined;
  const reason = cause instanceof Error ? cause.message : undefined;
  console.log(JSON.stringify({ level: "error", event: "realm not reconciled", message, reason, detail }));
  process.exitCode = 1;
});
