/** The tool's own command line. */
import { parseArgs } from "node:util";

export const USAGE = `usage: node tools/audit.ts STATE [options]

  STATE          what \`pulumi stack export --file\` wrote, with or without --show-secrets
  --config FILE  configuration of the policy pack: settings, levels and waivers (default: none)
  --out FOLDER   where audit.html, audit.json and audit.sarif go (default: build/audit)
`;

export interface Options {
  readonly state: string;
  readonly config: string | undefined;
  readonly out: string;
  readonly help: boolean;
}

/** @throws Error that says what is wrong */
export function parseCommandLine(words: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      config: { type: "string" },
      out: { type: "string", default: "build/audit" },
      help: { type: "boolean", default: false },
    },
  });
  const [state, ...others] = positionals;
  if (others.length > 0) throw new Error(`one state at a time: ${others.join(" ")} is too much`);
  if (state === undefined && !values.help) {
    throw new Error("no state is given: make audit STATE=state.json, with what `pulumi stack export` wrote");
  }
  return { state: state ?? "", config: values.config, out: values.out, help: values.help };
}
