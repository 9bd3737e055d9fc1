/** The tool: descriptions and machines in, report out, and an exit code. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { hostFiles } from "../../components/servers/first-boot/index.ts";
import { addressesFor, type Fleet, type Server } from "../../components/servers/model.ts";
import { explained, stackEnvironment } from "../stack-settings.ts";
import { type Audit, auditOf, exitCodeOf } from "./audit.ts";
import { baselineOf } from "./baseline.ts";
import { type Format, type Options, parseCommandLine, USAGE } from "./command-line.ts";
import { factsOf } from "./facts/index.ts";
import { ask, type Session, type Target } from "./machine.ts";
import { jsonText } from "./report/json.ts";
import { prometheusText } from "./report/prometheus.ts";
import { tableText } from "./report/table.ts";
import { recordingOf, script } from "./script.ts";

/** @returns the exit code */
export async function main(words: readonly string[]): Promise<number> {
  try {
    const options = parseCommandLine(words);
    if (options.help || options.script) {
      process.stdout.write(options.help ? USAGE : script());
      return 0;
    }
    const fleet = fleetOf(options);
    const audits: Audit[] = [];
    // One after the other: a fleet that is asked all at once shows on every graph.
    for (const server of chosen(options, fleet)) audits.push(await auditServer(server, fleet, options));
    write(reportText(audits, options.format), options.out);
    if (options.reports !== undefined) {
      mkdirSync(options.reports, { recursive: true });
      write(reportText(audits, "json"), join(options.reports, "audit.json"));
      write(reportText(audits, "prometheus"), join(options.reports, "audit.prom"));
    }
    return exitCodeOf(audits);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error.message);
    return 2;
  }
}

export function fleetOf({ stack }: Pick<Options, "stack">): Fleet {
  let fleet: Fleet | undefined;
  try {
    ({ fleet } = stackEnvironment(stack));
  } catch (error) {
    throw new Error(explained(stack, error));
  }
  if (fleet === undefined)
    throw new Error(`${stack}: no machines are described at roost:servers, so there is nothing to look at`);
  return fleet;
}

/** Host keys of the stack's machines, where somebody has accepted them: see `tools/servers-trust.ts`. */
export function knownHostsOf(stack: string): string | undefined {
  const file = knownHostsFile(stack);
  return existsSync(file) ? file : undefined;
}

/** Beside the stack's settings, and like them kept in version control. */
export function knownHostsFile(stack: string): string {
  return `known-hosts.${stack}`;
}

/** @throws Error that says which machines there are */
export function chosen(
  { servers, from, host }: Pick<Options, "servers" | "from" | "host">,
  fleet: Fleet,
): readonly Server[] {
  const names = fleet.servers.map(({ name }) => name);
  const unknown = servers.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`--server is ${JSON.stringify(unknown)}; described are ${names.join(", ")}`);
  const asked = servers.length === 0 ? fleet.servers : fleet.servers.filter(({ name }) => servers.includes(name));
  if (asked.length > 1 && (from.kind !== "ssh" || host !== undefined))
    throw new Error(`Say which machine it is with --server; described are ${names.join(", ")}`);
  return asked;
}

/** Asks the machine, and compares its answers with its description. */
export async function auditServer(
  server: Server,
  fleet: Fleet,
  options: SshOptions & Pick<Options, "from">,
): Promise<Audit> {
  const { output, problem } = await sessionOf(server, options);
  const { answers, complete } = recordingOf(output);
  // Of secrets, no check needs any.
  const baseline = baselineOf(hostFiles(server, fleet));
  const audit = auditOf(server, fleet, factsOf(answers), baseline);
  const why = problem ?? (complete ? undefined : "the output is cut off");
  return why === undefined ? audit : { ...audit, problem: why };
}

async function sessionOf(server: Server, options: SshOptions & Pick<Options, "from">): Promise<Session> {
  // 0 is standard input.
  if (options.from.kind === "recorded")
    return { output: readFileSync(options.from.file === "-" ? 0 : options.from.file, "utf8") };
  return ask(options.from.kind === "local" ? { kind: "local" } : sshTarget(server, options), script());
}

export type SshOptions = Pick<
  Options,
  "stack" | "login" | "host" | "port" | "identityFile" | "knownHostsFile" | "jumpHost"
>;

/** The way in that the description names, but for what the command line says instead. */
export function sshTarget(server: Server, options: SshOptions): Extract<Target, { kind: "ssh" }> {
  const { stack, login, host, port, identityFile, jumpHost } = options;
  const knownHostsFile = options.knownHostsFile ?? knownHostsOf(stack);
  const user = login ?? server.administrators.find(({ sudo }) => sudo === "all")?.name;
  const address = host ?? addressesFor(server, "management")[0] ?? `${server.name}.${server.domain}`;
  return {
    kind: "ssh",
    destination: user === undefined ? address : `${user}@${address}`,
    port: port ?? server.firewall.ssh.port,
    ...(identityFile !== undefined && { identityFile }),
    ...(knownHostsFile !== undefined && {
      knownHostsFile: resolve(knownHostsFile),
      hostKeyAlias: `${server.name}.${server.domain}`,
    }),
    ...(jumpHost !== undefined && { jumpHost }),
  };
}

function reportText(audits: readonly Audit[], format: Format): string {
  switch (format) {
    case "table":
      return tableText(audits);
    case "json":
      return jsonText(audits, new Date());
    case "prometheus":
      return prometheusText(audits, new Date());
  }
}

/** Node exporter reads whenever it likes: it must never see half a file. */
function write(text: string, file: string | undefined): void {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  const partial = `${file}.partial`;
  writeFileSync(partial, text);
  renameSync(partial, file);
}
