/** One script that asks all questions, and its output taken apart again: one connection, one look at the machine. */
import { type Answer, type Question, questions } from "./facts/index.ts";

const BEGIN = "@@roost-audit begin";
const END = "@@roost-audit end";
const COMPLETE = "@@roost-audit complete";
/** What stands before each line of a command's standard error. */
const ERROR = "@@roost-audit error ";
const SECONDS_EACH = 60;

/**
 * The script, for a POSIX shell: the same for every machine. It writes no file, and commands read nothing from its input.
 * What needs root is run by sudo, which must not ask for a password.
 */
export function script(asked: readonly Question[] = questions): string {
  return `# Looks at a machine and changes nothing: see tools/server-audit.
if [ "$(id -u)" = 0 ]; then as_root=; else as_root='sudo -n --'; fi

# ask NAME PROGRAM ROOT COMMAND
ask() {
  echo "${BEGIN} $1"
  {
    errors=$({ $3 timeout ${SECONDS_EACH} sh -c "$header
command -v $2 >/dev/null || exit 127
$4" </dev/null; } 2>&1 >&3 3>&-)
    code=$?
  } 3>&1
  echo
  [ -z "$errors" ] || printf '%s\\n' "$errors" | sed 's/^/${ERROR}/'
  echo "${END} $code"
}
header='PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C; export PATH LC_ALL'

${asked.map(({ name, program, asRoot, command }) => `ask ${name} ${program} "${asRoot ? "$as_root" : ""}" ${quoted(command)}`).join("\n\n")}

echo "${COMPLETE}"
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What the script printed. */
export interface Recording {
  readonly answers: ReadonlyMap<string, Answer>;
  /** Whether the script came to its end. */
  readonly complete: boolean;
}

/** Takes the output of {@link script} apart; a command that was cut off has no answer. */
export function recordingOf(output: string): Recording {
  const answers = new Map<string, Answer>();
  for (const part of output.split(new RegExp(`^${BEGIN} `, "m")).slice(1)) {
    const [name = "", ...lines] = part.split("\n");
    const end = lines.findIndex((line) => line.startsWith(`${END} `));
    if (end === -1) continue;
    const said = lines.slice(0, end);
    answers.set(name.trim(), {
      exitCode: Number((lines[end] ?? "").slice(END.length)),
      output: said.filter((line) => !line.startsWith(ERROR)).join("\n"),
      errors: said.flatMap((line) => (line.startsWith(ERROR) ? line.slice(ERROR.length) : [])).join("\n"),
    });
  }
  return { answers, complete: new RegExp(`^${COMPLETE}$`, "m").test(output) };
}
