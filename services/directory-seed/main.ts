/**
 * Fills the embedded directory, once: `node directory-seed.js <wanted.json> <folder with secrets> <ca.crt> <url>…`. It waits
 * for the servers, tells each change on a line, and ends with an error that says what is wrong. Doing it again changes
 * nothing.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "ldapts";
import { readers } from "../../components/identity/directory/names.ts";
import { endWith } from "../directory-check/termination.ts";
import type { Wanted } from "./index.ts";
import { keepAccount, reconcile } from "./index.ts";

/** How long the first of the servers may take to answer: it starts with this program. */
const patienceMilliseconds = 240_000;

async function main([file, secrets, authority, ...urls]: readonly string[]): Promise<void> {
  if (file === undefined || secrets === undefined || authority === undefined || urls.length === 0)
    throw new Error("usage: directory-seed <wanted.json> <folder with secrets> <ca.crt> <url>…");
  // The stack's own component wrote it, and its type is this.
  const wanted: Wanted = JSON.parse(readFileSync(file, "utf8"));
  const secret = (name: string) => readFileSync(join(secrets, name), "utf8").trim();
  const ca = readFileSync(authority);
  const { administrator, url } = await signIn(urls, ca, wanted.names.administratorDn, secret("administrator"));
  const audit = (change: string) => console.log(JSON.stringify({ level: "info", event: "directory changed", change }));
  await reconcile(administrator, wanted, audit);
  for (const account of [...readers, "replicator"] as const)
    await keepAccount(administrator, connect(url, ca), wanted, account, secret(account), audit);
  await administrator.unbind();
  console.log(JSON.stringify({ level: "info", event: "directory is as the settings say" }));
}

function connect(url: string, ca: Buffer): Client {
  return new Client({ url, tlsOptions: { ca }, timeout: 60_000, connectTimeout: 5000 });
}

/** Signs in at the first server that answers, in the order in which everybody tries them. */
async function signIn(urls: readonly string[], ca: Buffer, dn: string, password: string) {
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    let problem: unknown;
    for (const url of urls) {
      const administrator = connect(url, ca);
      try {
        await administrator.bind(dn, password);
        return { administrator, url };
      } catch (error) {
        problem = error;
        await administrator.unbind().catch(() => undefined);
      }
    }
    if (Date.now() > deadline) throw problem;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

main(process.argv.slice(2)).catch(endWith("directory not filled"));
