/** The tool's own command line. */
import { parseArgs } from "node:util";
import { type Acceptance, parseAcceptance } from "./accept.ts";
import { type Category, categories } from "./findings/index.ts";
import { GITHUB_LIMIT } from "./report.ts";

export const USAGE = `usage: node tools/preview-report.ts [options]

  --stack NAME             the stack to preview (default: dev)
  --policy-pack FOLDER     policies that judge the preview; may be given several times
  --policy-pack-config F   their configuration, in the same order
  --events FILE            a recorded event stream instead of a preview; - for standard input
  --keep-events FILE       also write the event stream, which may hold secrets, to a file
  --out FILE               where the report goes (default: standard output)
  --limit NUMBER           the most characters (default: ${GITHUB_LIMIT}, a comment on GitHub)
  --fail-on CATEGORIES     exit with 1 on findings of these categories: ${categories.join(",")}
  --accept CATEGORY:NAME   take a danger: its category, and the name or URN of its resource; may be given several times
  --accepted-in FILE       a text, such as a pull request's description, with lines "Accept: CATEGORY:NAME"
`;

export interface Options {
  readonly stack: string;
  readonly policyPacks: readonly string[];
  readonly policyPackConfigs: readonly string[];
  /** A file, or "-"; a preview is run where it is missing. */
  readonly events: string | undefined;
  readonly keepEvents: string | undefined;
  readonly out: string | undefined;
  readonly limit: number;
  readonly failOn: readonly Category[];
  readonly acceptances: readonly Acceptance[];
  readonly acceptedIn: string | undefined;
  readonly help: boolean;
}

/** Below it there is no room for a verdict and what is left out. */
const MIN_LIMIT = 4_000;

/** @throws Error that names the option, its value and what is allowed */
export function parseCommandLine(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      stack: { type: "string" },
      "policy-pack": { type: "string", multiple: true, default: [] },
      "policy-pack-config": { type: "string", multiple: true, default: [] },
      events: { type: "string" },
      "keep-events": { type: "string" },
      out: { type: "string" },
      limit: { type: "string", default: `${GITHUB_LIMIT}` },
      "fail-on": { type: "string", multiple: true, default: [] },
      accept: { type: "string", multiple: true, default: [] },
      "accepted-in": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const { events } = values;
  if (events !== undefined) {
    const others = (["stack", "policy-pack", "policy-pack-config", "keep-events"] as const).filter((each) =>
      isGiven(values[each]),
    );
    if (others[0])
      throw new Error(`--${others[0]} is for a preview; with --events there is none: leave one of them out`);
  }
  return {
    stack: values.stack ?? "dev",
    policyPacks: values["policy-pack"],
    policyPackConfigs: values["policy-pack-config"],
    events,
    keepEvents: values["keep-events"],
    out: values.out,
    limit: parseLimit(values.limit),
    failOn: values["fail-on"].flatMap((list) => list.split(",")).map(parseCategory),
    acceptances: values.accept.map(parseAcceptance),
    acceptedIn: values["accepted-in"],
    help: values.help,
  };
}

function isGiven(value: string | readonly string[] | undefined): boolean {
  return value !== undefined && value.length > 0;
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= MIN_LIMIT) return limit;
  throw new Error(`--limit is ${JSON.stringify(text)}; a whole number of at least ${MIN_LIMIT} is allowed`);
}

function parseCategory(text: string): Category {
  const category = categories.find((each) => each === text.trim());
  if (category !== undefined) return category;
  throw new Error(`--fail-on has ${JSON.stringify(text)}; allowed are ${categories.join(", ")}`);
}
