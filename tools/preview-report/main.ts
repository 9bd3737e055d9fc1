/** The tool: events in, report out, and an exit code for gates. */
import { readFileSync, writeFileSync } from "node:fs";
import { types } from "node:util";
import { type Acceptance, acceptancesIn } from "./accept.ts";
import { type Options, parseCommandLine, USAGE } from "./command-line.ts";
import { previewEvents } from "./engine.ts";
import { parseEvents } from "./events.ts";
import { Masker } from "./masking/masker.ts";
import { previewOf } from "./preview.ts";
import { type Report, reportOf } from "./report.ts";

/** @returns the exit code */
export async function main(words: readonly string[]): Promise<number> {
  try {
    const options = parseCommandLine(words);
    if (options.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const events = parseEvents(await eventText(options));
    const report = reportOf(previewOf(events), { ...options, acceptances: acceptancesOf(options) });
    if (options.out === undefined) process.stdout.write(report.markdown);
    else writeFileSync(options.out, report.markdown);
    const refusals = refusalsOf(report, options);
    for (const refusal of refusals) console.error(refusal);
    return refusals.length === 0 ? 0 : 1;
  } catch (error) {
    if (!types.isNativeError(error)) throw error;
    // It may hold what the engine or the program printed.
    console.error(new Masker().text(error.message));
    return 2;
  }
}

function acceptancesOf({ acceptances, acceptedIn }: Options): Acceptance[] {
  return [...acceptances, ...(acceptedIn === undefined ? [] : acceptancesIn(readFileSync(acceptedIn, "utf8")))];
}

async function eventText(options: Options): Promise<string> {
  // 0 is standard input.
  if (options.events !== undefined) return readFileSync(options.events === "-" ? 0 : options.events, "utf8");
  const text = await previewEvents(options);
  if (options.keepEvents !== undefined) writeFileSync(options.keepEvents, text, { mode: 0o600 });
  return text;
}

/** Why a gate does not let the change pass, a line each. */
export function refusalsOf({ verdict, findings, unused }: Report, { failOn }: Pick<Options, "failOn">): string[] {
  const open = findings.filter(({ level, acceptedBy }) => level !== "note" && acceptedBy === undefined);
  return [
    ...(verdict === "blocked" ? ["The preview is blocked: the report says by what."] : []),
    ...failOn.flatMap((category) => {
      const count = open.filter((finding) => finding.category === category).length;
      return count === 0
        ? []
        : [`--fail-on ${category}: ${count} ${count === 1 ? "finding" : "findings"} that nobody has accepted`];
    }),
    ...unused.map(({ acceptance, why }) => `--accept ${JSON.stringify(acceptance.given)} ${why}`),
  ];
}
