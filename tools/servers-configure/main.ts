/** The tool: descriptions in, machines brought to them rack by rack, and an exit code. */
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import {
  configuredFiles,
  inventoryOf,
  type Reached,
  racksOf,
  refusals,
  TOLD_SCRIPT,
  toldOf,
} from "../../components/servers/ansible/index.ts";
import type { MetricsIdentity } from "../../components/servers/index.ts";
import type { Fleet, Server } from "../../components/servers/model.ts";
import { outputOf } from "../output-of.ts";
import type { Audit } from "../server-audit/audit.ts";
import { ask, sshOptions } from "../server-audit/machine.ts";
import { auditServer, chosen, fleetOf, sshTarget } from "../server-audit/main.ts";
import { playbook } from "./ansible.ts";
import { type Options, parseCommandLine, USAGE } from "./command-line.ts";
import { wrongAfter } from "./health.ts";
import { changedIn } from "./recap.ts";

/** What tells the operator, and asks. */
export interface Terminal {
  readonly print: (text: string) => void;
  /** @returns whether the answer was yes */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** @returns the exit code */
export async function main(words: readonly string[]): Promise<number> {
  try {
    const options = parseCommandLine(words);
    if (options.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const fleet = fleetOf(options);
    const terminal: Terminal = { print: (text) => process.stdout.write(text), confirm };
    return await configure(fleet, identitiesOf(options.stack), options, terminal);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error.message);
    return 2;
  }
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** What machines serve their metrics with, by the machine's name: the stack has made it. */
export type Identities = Readonly<Record<string, MetricsIdentity>>;

function identitiesOf(stack: string): Identities {
  const words = ["stack", "output", "--json", "--show-secrets", "--stack", stack];
  const { metricsIdentities }: { metricsIdentities?: Identities } = JSON.parse(outputOf("pulumi", words));
  return metricsIdentities ?? {};
}

/** Shows what would change, asks, and then changes it. @returns the exit code */
export async function configure(
  fleet: Fleet,
  identities: Identities,
  options: Options,
  { print, confirm }: Terminal,
): Promise<number> {
  const say = (...lines: readonly string[]) => print(lines.map((line) => `${line}\n`).join(""));
  const machines: Reached[] = [];
  const refused: string[] = [];
  for (const server of chosen(options, fleet)) {
    const metrics = identities[server.name];
    const found =
      metrics === undefined
        ? `the stack ${options.stack} has no certificate for its metrics yet; make seeds STACK=${options.stack} makes it`
        : await reach(server, metrics, options);
    if (typeof found === "string") refused.push(`${server.name}: ${found}`);
    else {
      machines.push(found);
      const reasons = refusals(server, configuredFiles(server, fleet, found.metrics), found.told);
      refused.push(...reasons.map((reason) => `${server.name}: ${reason}`));
    }
  }
  if (refused.length > 0) {
    say("Nothing was changed:", ...refused.map((reason) => `  ${reason}`));
    return 1;
  }

  const trial = await playbook(inventoryOf(machines, fleet), { check: true, print });
  if (trial.exitCode !== 0) {
    say("Nothing was changed: it could not be told what would change.");
    return 1;
  }
  const changing = changedIn(trial.recap);
  if (changing.length === 0) {
    say(`${count(machines.length)} as described.`);
    return 0;
  }
  if (options.check) {
    say(`Would change: ${changing.join(", ")}.`);
    return 0;
  }
  if (!options.yes && !(await confirm(`Change ${changing.join(", ")} as shown?`))) {
    say("Nothing was changed. YES=1, or --yes, does it without asking.");
    return 1;
  }

  const racks = racksOf(machines.filter(({ server }) => changing.includes(server.name)));
  for (const [rack, those] of racks) {
    say("", `Rack ${rack}: ${those.map(({ server }) => server.name).join(", ")}`);
    const wrong = await changeRack(those, fleet, options, print);
    if (wrong.length === 0) continue;
    say("", `Stopped at rack ${rack}; later racks were not touched:`, ...wrong.map((line) => `  ${line}`));
    return 1;
  }
  say(`${count(changing.length)} as described now.`);
  return 0;
}

/** How a machine is reached and what it was told before, or why that is not known. */
async function reach(server: Server, metrics: MetricsIdentity, options: Options): Promise<Reached | string> {
  const target = sshTarget(server, options);
  const [, user, address = ""] = /^(?:(.*)@)?(.*)$/.exec(target.destination) ?? [];
  if (user !== undefined && !server.administrators.some(({ name, sudo }) => name === user && sudo === "all"))
    return `${user} is no administrator who may become root at roost:servers.administrators, and would be locked out`;
  const { output, problem } = await ask(target, TOLD_SCRIPT);
  const told = toldOf(output);
  if (problem !== undefined || told === undefined) return problem ?? "it did not say what it was told before";
  const { port } = target;
  return { server, address, port, ...(user !== undefined && { user }), sshOptions: sshOptions(target), metrics, told };
}

/** What was restarted has not settled at once: chrony asks its servers several times before it follows one. */
const MOST_AUDITS = 4;
const PAUSE_SECONDS = 15;

/** @returns why the next rack must wait, a sentence each */
async function changeRack(
  machines: readonly Reached[],
  fleet: Fleet,
  options: Options,
  print: Terminal["print"],
): Promise<readonly string[]> {
  const audits = async () => {
    const all: Audit[] = [];
    for (const { server } of machines) all.push(await auditServer(server, fleet, options));
    return all;
  };
  const before = await audits();
  const { exitCode, recap } = await playbook(inventoryOf(machines, fleet), { check: false, print });
  const unreachable = [...recap].filter(([, host]) => host.unreachable > 0).map(([name]) => name);
  if (unreachable.length > 0)
    return machines
      .filter(({ server }) => unreachable.includes(server.name))
      .map(
        ({ server }) =>
          `${server.name} cannot be reached any more. If that is its packet filter, it falls back by itself within ${server.firewall.confirmSeconds} s.`,
      );
  if (exitCode !== 0) return ["Ansible has failed: its last lines say where."];
  for (let attempt = 1; ; attempt += 1) {
    const after = await audits();
    const wrong = machines.flatMap(({ server }, at) => {
      const [was, is] = [before[at], after[at]];
      return was === undefined || is === undefined ? [] : wrongAfter(server, was, is);
    });
    if (wrong.length === 0 || attempt === MOST_AUDITS) return wrong;
    await sleep(PAUSE_SECONDS * 1000);
  }
}

function count(machines: number): string {
  return machines === 1 ? "1 machine is" : `${machines} machines are`;
}
