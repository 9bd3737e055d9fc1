import { z } from "zod";
import { personPasswordChange, personPasswordCommand } from "../components/identity/directory/index.ts";
import { LOGIN } from "../environment/index.ts";
import type { HomeserverPlace } from "./account.ts";
import { execArguments, homeserverIn } from "./account.ts";

/** Where a stack's embedded directory runs, and below which entry its people are. */
export interface DirectoryPlace extends HomeserverPlace {
  readonly peopleDn: string;
}

const exportedMap = z.object({
  type: z.literal("kubernetes:core/v1:ConfigMap"),
  inputs: z.object({
    metadata: z.object({ name: z.literal("directory-seed") }),
    data: z.object({ "wanted.json": z.string() }),
  }),
});
const exportedStack = z.object({ deployment: z.object({ resources: z.array(z.unknown()) }) });
const wanted = z.object({ names: z.object({ peopleDn: z.string() }) });

/**
 * Finds the directory in what `pulumi stack export` printed.
 * @throws Error when the stack has none of its own
 */
export function directoryIn(stack: string, exported: unknown): DirectoryPlace {
  const resources = exportedStack.safeParse(exported).data?.deployment.resources ?? [];
  const [seed] = resources.flatMap((resource) => exportedMap.safeParse(resource).data ?? []);
  if (seed === undefined)
    throw new Error(
      `The stack ${stack} has no directory of its own: passwords of people are made where their accounts are. Without single sign-on that is \`make user\`.`,
    );
  const { peopleDn } = wanted.parse(JSON.parse(seed.inputs.data["wanted.json"])).names;
  return { ...homeserverIn(stack, exported), peopleDn };
}

/** @throws Error when nobody of the directory can be called so */
export function loginOf(name: string): string {
  if (LOGIN.test(name)) return name;
  throw new Error(
    `NAME is ${JSON.stringify(name)}; a login has lower-case letters, digits and . _ -, for example NAME=ada.`,
  );
}

/** Arguments of kubectl that change an entry. The change goes to the standard input. */
export function passwordArguments(place: DirectoryPlace, reset: boolean): string[] {
  return execArguments(place, "openldap", "slapd", personPasswordCommand(reset));
}

export function passwordChange({ peopleDn }: DirectoryPlace, login: string, password: string): string {
  return personPasswordChange(peopleDn, login, password);
}

/** What went wrong, as whoever asked for a password would say it. */
export function passwordProblem(message: string): string {
  if (/No such object/.test(message))
    return "The directory has nobody of that name: `make up` makes whom the settings name.";
  if (/Assertion Failed/i.test(message)) return "They have a password. RESET=1 makes a new one.";
  return message.trim();
}
