/** The tool: files in, reports out, and an exit code for gates. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, isAbsolute, join, relative } from "node:path";
import { isNativeError } from "node:util/types";
import { z } from "zod";
import { rules } from "../../policies/rules.ts";
import { auditOf, type NamedText } from "./audit.ts";
import { parseCommandLine, USAGE } from "./command-line.ts";
import { pageOf } from "./page/page.ts";
import { sarifOf } from "./sarif.ts";
import type { VerdictName } from "./schema.ts";

/** What cannot be decided is no pass, and no fault of the stack's either. */
const exitCodes: Readonly<Record<VerdictName, number>> = { met: 0, broken: 1, undecided: 3 };

const packFile = join(import.meta.dirname, "../../policies/package.json");

/** @returns the exit code */
export function main(words: readonly string[], now = new Date()): number {
  try {
    const options = parseCommandLine(words);
    if (options.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const state = read(options.state);
    const configuration = options.config === undefined ? undefined : read(options.config);
    const { version } = z.looseObject({ version: z.string() }).parse(JSON.parse(readFileSync(packFile, "utf8")));
    const audit = auditOf({ state, configuration, rules, version, now });
    mkdirSync(options.out, { recursive: true });
    const write = (name: string, text: string) => writeFileSync(join(options.out, name), text);
    write("audit.html", pageOf(audit));
    write("audit.json", `${JSON.stringify(audit, null, 2)}\n`);
    write("audit.sarif", sarifOf(audit, state));
    const { project, stack } = audit.state;
    console.log(
      `${project}/${stack}: ${audit.verdict.sentence}\nReports: ${join(options.out, "audit.{html,json,sarif}")}`,
    );
    return exitCodes[audit.verdict.outcome];
  } catch (error) {
    if (!isNativeError(error)) throw error;
    console.error(error.message.replace(/\s*\n\s*/g, " "));
    return 2;
  }
}

/** Reports name a file as a reader of the repository would: none says where on this machine it lies. */
function read(path: string): NamedText {
  const near = relative(process.cwd(), path);
  const file = near.startsWith("..") || isAbsolute(near) ? basename(path) : near;
  return { file, text: readFileSync(path, "utf8") };
}
