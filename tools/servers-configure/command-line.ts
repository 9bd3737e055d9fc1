import { parseArgs } from "node:util";
import { type Options as AuditOptions, parseCommandLine as parseAudit } from "../server-audit/command-line.ts";

export const USAGE = `usage: node tools/servers-configure.ts [options]

Brings running machines to what their description says. What would change is shown first, then asked.

  --stack NAME         the stack whose settings describe the machines (default: dev)
  --server NAME        only this machine; may be given several times (default: all)
  --check              show what would change, and change nothing
  --yes                do not ask
  --login, --host, --port, --identity, --known-hosts, --jump
                       as of tools/server-audit.ts

Exit codes: 0 all is as described, or would be; 1 refused, or stopped midway; 2 wrongly called.
`;

export interface Options extends AuditOptions {
  /** Only show. */
  readonly check: boolean;
  /** Do not ask. */
  readonly yes: boolean;
}

/** Options that say which machines are meant and how they are reached. */
const SHARED = ["stack", "login", "host", "port", "identity", "known-hosts", "jump"] as const;

/** @throws Error that names the option, its value and what is allowed */
export function parseCommandLine(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      ...Object.fromEntries(SHARED.map((name) => [name, { type: "string" } as const])),
      server: { type: "string", multiple: true, default: [] },
      check: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { server, check, yes, help, ...shared } = values;
  const given = Object.entries(shared).map(([name, value]) => `--${name}=${value}`);
  const audit = parseAudit([...given, ...server.map((name) => `--server=${name}`)]);
  return { ...audit, check, yes, help };
}
