/** The tool's own command line. */
import { parseArgs } from "node:util";

export const USAGE = `usage: node tools/server-audit.ts [options]

Compares running machines with their description and changes nothing.

  --stack NAME         the stack whose settings describe the machines (default: dev)
  --server NAME        only this machine; may be given several times (default: all)
  --local              look at the machine that this runs on, instead of over SSH
  --recorded FILE      what the script of --script printed on a machine; - for standard input
  --login NAME         account to sign in with (default: the first administrator who may become root)
  --host HOST          address or name instead of the one in the settings, for one machine
  --port NUMBER        port of SSH instead of the one in the settings
  --identity FILE      private key for SSH (default: what your SSH configuration says)
  --known-hosts FILE   host keys that are trusted, by the machines' full names; others are refused
                       (default: known-hosts.<stack>; where there is none, what your SSH configuration says)
  --jump HOST          bastion to go through
  --format FORMAT      table, json or prometheus (default: table)
  --out FILE           where the report goes (default: standard output); replaced in one step
  --reports FOLDER     also write audit.json and audit.prom there
  --script             print the script that machines are asked with, and ask nobody

Exit codes: 0 all is as described; 1 something differs; 2 nothing is known to differ, and something could not be told.
`;

export const formats = ["table", "json", "prometheus"] as const;
export type Format = (typeof formats)[number];

export interface Options {
  readonly stack: string;
  /** All machines, where none is named. */
  readonly servers: readonly string[];
  readonly from:
    | { readonly kind: "ssh" }
    | { readonly kind: "local" }
    | { readonly kind: "recorded"; readonly file: string };
  readonly login: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly identityFile: string | undefined;
  readonly knownHostsFile: string | undefined;
  readonly jumpHost: string | undefined;
  readonly format: Format;
  readonly out: string | undefined;
  /** Folder for the reports in all formats that programs read. */
  readonly reports: string | undefined;
  readonly script: boolean;
  readonly help: boolean;
}

const SSH_OPTIONS = ["login", "host", "port", "identity", "known-hosts", "jump"] as const;

/** @throws Error that names the option, its value and what is allowed */
export function parseCommandLine(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      stack: { type: "string", default: "dev" },
      server: { type: "string", multiple: true, default: [] },
      local: { type: "boolean", default: false },
      recorded: { type: "string" },
      login: { type: "string" },
      host: { type: "string" },
      port: { type: "string" },
      identity: { type: "string" },
      "known-hosts": { type: "string" },
      jump: { type: "string" },
      format: { type: "string", default: "table" },
      out: { type: "string" },
      reports: { type: "string" },
      script: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { local, recorded } = values;
  if (local && recorded !== undefined)
    throw new Error("--local and --recorded exclude each other: leave one of them out");
  if (local || recorded !== undefined) {
    const given = SSH_OPTIONS.find((option) => values[option] !== undefined);
    if (given !== undefined) throw new Error(`--${given} is for SSH; with --local and --recorded there is none`);
  }
  return {
    stack: values.stack,
    servers: values.server,
    from: local ? { kind: "local" } : recorded === undefined ? { kind: "ssh" } : { kind: "recorded", file: recorded },
    login: values.login === undefined ? undefined : word("login", values.login),
    host: values.host === undefined ? undefined : word("host", values.host),
    port: values.port === undefined ? undefined : parsePort(values.port),
    identityFile: values.identity,
    knownHostsFile: values["known-hosts"],
    jumpHost: values.jump === undefined ? undefined : word("jump", values.jump),
    format: parseFormat(values.format),
    out: values.out,
    reports: values.reports,
    script: values.script,
    help: values.help,
  };
}

/** A name that ssh cannot take for an option. */
function word(option: string, text: string): string {
  if (/^[A-Za-z0-9_[][A-Za-z0-9._:@[\]%-]*$/.test(text)) return text;
  throw new Error(`--${option} is ${JSON.stringify(text)}; a name or an address is allowed`);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new Error(`--port is ${JSON.stringify(text)}; a whole number from 1 to 65535 is allowed`);
}

function parseFormat(text: string): Format {
  const format = formats.find((each) => each === text);
  if (format !== undefined) return format;
  throw new Error(`--format is ${JSON.stringify(text)}; allowed are ${formats.join(", ")}`);
}
