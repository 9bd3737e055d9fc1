/**
 * Asks an organisation's own directory whether people can be read there: `node directory-check.js <check.json> <file with the
 * password> [ca.crt]`. It fails with what an operator has to look at when no server will do.
 */
import { readFileSync } from "node:fs";
import type { Check } from "./check.ts";
import { problemOf } from "./check.ts";
import { endWith } from "./termination.ts";

async function main([file, passwordFile, authority]: readonly string[]): Promise<void> {
  if (file === undefined || passwordFile === undefined)
    throw new Error("usage: directory-check <check.json> <file with the password> [ca.crt]");
  // The stack's own component wrote it, and its type is this.
  const check: Check = JSON.parse(readFileSync(file, "utf8"));
  const password = readFileSync(passwordFile, "utf8");
  const ca = authority === undefined ? undefined : readFileSync(authority);
  const answers = await Promise.all(
    check.urls.map(async (url) => ({ url, problem: await problemOf(url, check, password, ca) })),
  );
  const problems = answers.flatMap(({ url, problem }) => (problem === undefined ? [] : [`${url}: ${problem}`]));
  if (problems.length === check.urls.length) throw new Error(problems.join("\n"));
  for (const problem of problems) console.log(JSON.stringify({ level: "warn", event: "directory server", problem }));
  console.log(JSON.stringify({ level: "info", event: "directory can be read" }));
}

main(process.argv.slice(2)).catch(endWith("directory cannot be used"));
