/** One question to a machine: the command that asks it, and the function that understands the answer. */
export interface Fact<Value> {
  /** Unique, one word. */
  readonly name: string;
  /** Program without which there is no answer. */
  readonly program: string;
  /** Whether the answer is incomplete for anybody but root. */
  readonly asRoot: boolean;
  /** Shell text that only reads. It never depends on a description, so that it can be reviewed once and allowed as it is. */
  readonly command: string;
  /** Exit codes that come with an answer. @default 0 */
  readonly exitCodes?: readonly number[];
  /** @throws Error when it is no answer */
  readonly parse: (output: string) => Value;
}

/** What a machine answered to one command. */
export interface Answer {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

/** What is known of a fact, or why it is not. */
export type Observed<Value> =
  | { readonly known: true; readonly value: Value }
  | { readonly known: false; readonly why: string };

/** Exit code of a shell that does not find a program. */
export const NOT_FOUND = 127;
/** Exit code of `timeout`, when time is up. */
const TIMED_OUT = 124;

/** Understands an answer, or says why nothing is known. */
export function observed<Value>(fact: Fact<Value>, answer: Answer | undefined): Observed<Value> {
  const unknown = (why: string) => ({ known: false, why }) as const;
  if (answer === undefined) return unknown("the machine gave no answer: the connection ended before");
  const { exitCode, output, errors } = answer;
  const [said = ""] = errors.split("\n").filter((line) => line.trim() !== "");
  if (exitCode === NOT_FOUND) return unknown(`${fact.program} is not there`);
  if (exitCode === TIMED_OUT) return unknown(`${fact.program} did not answer in time`);
  if (said.startsWith("sudo:")) return unknown(`no rights to run ${fact.program} as root (${said})`);
  if (!(fact.exitCodes ?? [0]).includes(exitCode))
    return unknown(`${fact.program} ended with ${exitCode}${said === "" ? "" : `: ${said}`}`);
  try {
    return { known: true, value: fact.parse(output) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return unknown(`what ${fact.program} said is not understood: ${firstLine(why)}`);
  }
}

/** Two facts of which both must be known. */
export function both<A, B>(a: Observed<A>, b: Observed<B>): Observed<readonly [A, B]> {
  if (!a.known) return a;
  return b.known ? { known: true, value: [a.value, b.value] } : b;
}

/** Lines that are not empty. */
export function lines(output: string): string[] {
  return output.split("\n").filter((line) => line.trim() !== "");
}

/** Words of a line. */
export function words(line: string): string[] {
  return line.trim().split(/\s+/);
}

/** Parts of an output of which each begins with a line `== <name>`. */
export function sections(output: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of lines(output)) {
    if (line.startsWith("== ")) {
      current = [];
      found.set(line.slice(3).trim(), current);
    } else current?.push(line);
  }
  return found;
}

function firstLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 200);
}
