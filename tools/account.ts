import { randomInt } from "node:crypto";
import { accountCommand, administrationCommand } from "../components/im/index.ts";

/** Where a stack's homeserver runs, and how its cluster is reached. */
export interface HomeserverPlace {
  readonly namespace: string;
  /** Path of the kubeconfig. @default as kubectl finds it */
  readonly kubeconfig?: string;
  /** @default the kubeconfig's current context */
  readonly context?: string;
}

/**
 * Finds the homeserver in what `pulumi stack export` printed: what has been deployed counts, not what the settings say now.
 * @throws Error when the stack has no homeserver
 */
export function homeserverIn(stack: string, exported: unknown): HomeserverPlace {
  const resources = list(field(field(exported, "deployment"), "resources"));
  const ofType = (type: string) => resources.filter((resource) => field(resource, "type") === type);
  const namespace = ofType("kubernetes:apps/v1:StatefulSet")
    .map((resource) => field(field(resource, "inputs"), "metadata"))
    .filter((metadata) => field(metadata, "name") === "synapse")
    .map((metadata) => field(metadata, "namespace"))
    .find((name) => typeof name === "string");
  if (namespace === undefined)
    throw new Error(`The stack ${stack} has no Matrix homeserver yet. Run \`make up STACK=${stack}\` first.`);
  const [provider] = ofType("pulumi:providers:kubernetes").map((resource) => field(resource, "inputs"));
  const kubeconfig = field(provider, "kubeconfig");
  const context = field(provider, "context");
  return {
    namespace,
    ...(typeof kubeconfig === "string" && { kubeconfig }),
    ...(typeof context === "string" && { context }),
  };
}

/**
 * Refuses to add people to a homeserver that takes them from a directory: nobody could sign in with the password.
 * @throws Error when the stack's people sign in at an identity provider
 */
export function refuseWithSingleSignOn(stack: string, exported: unknown): void {
  const resources = list(field(field(exported, "deployment"), "resources"));
  if (!resources.some((resource) => field(resource, "type") === "roost:identity:Identity")) return;
  throw new Error(
    `In the stack ${stack}, people sign in with the account that they have in the directory: add them there (in an embedded one by roost:identity.directory.people, then \`make person NAME=…\`).`,
  );
}

export interface AccountRequest {
  /** The part of the identifier between `@` and `:`. */
  readonly localpart: string;
  readonly admin: boolean;
  /** Whether an account that there is gets a new password; otherwise it is refused. */
  readonly reset: boolean;
}

/** Arguments of kubectl that run the program in Synapse's container. It reads the password from its standard input. */
export function kubectlArguments(place: HomeserverPlace, { localpart, admin, reset }: AccountRequest): string[] {
  return execArguments(place, "synapse", "synapse", [
    ...accountCommand(),
    ...(admin ? ["--admin"] : []),
    ...(reset ? ["--existing", "reset"] : []),
    // After this, a name that begins with a hyphen is no option.
    "--",
    localpart,
  ]);
}

/** Arguments of kubectl for one call of the administration API. The password, then the body, go to the standard input. */
export function administrationArguments(place: HomeserverPlace, user: string, call: AdministrationCall): string[] {
  return execArguments(place, "synapse", "synapse", [...administrationCommand(), user, call.method, call.path]);
}

export interface AdministrationCall {
  readonly method: string;
  readonly path: string;
}

/**
 * A call as it is written: `GET /_synapse/admin/v2/users?limit=5`.
 * @throws Error when it is none of the administration API
 */
export function administrationCall(text: string): AdministrationCall {
  const [, method, path] =
    /^(?:(GET|POST|PUT|DELETE) )?(\/_(?:synapse\/admin|matrix\/client)\/\S+)$/.exec(text.trim()) ?? [];
  if (path !== undefined) return { method: method ?? "GET", path };
  throw new Error(
    `CALL is ${JSON.stringify(text)}; GET, POST, PUT or DELETE and a path below /_synapse/admin/ or /_matrix/client/ are allowed, for example CALL='GET /_synapse/admin/v2/users?limit=5'.`,
  );
}

/** Arguments of kubectl that run a command in the first pod of a StatefulSet, whose standard input is ours. */
export function execArguments(
  { namespace, kubeconfig, context }: HomeserverPlace,
  statefulSet: string,
  container: string,
  command: readonly string[],
): string[] {
  return [
    ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
    ...(context === undefined ? [] : ["--context", context]),
    ...["exec", "--stdin", "--quiet", "--namespace", namespace, `statefulset/${statefulSet}`, "--container", container],
    ...["--", ...command],
  ];
}

/**
 * The localpart that a person's name is.
 * @throws Error when Matrix does not allow it
 * @source https://spec.matrix.org/latest/appendices/#user-identifiers
 */
export function localpartOf(name: string): string {
  if (/^[a-z0-9._=/+-]{1,200}$/.test(name) && !name.startsWith("_")) return name;
  throw new Error(
    `NAME is ${JSON.stringify(name)}; lower-case letters, digits and . _ = / + - are allowed, for example NAME=ada.`,
  );
}

/** Letters and digits that are not taken for each other. */
const LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789";

/** A password to read out and type: four groups of five, 99 bits. */
export function newPassword(): string {
  const group = () => Array.from({ length: 5 }, () => LEGIBLE[randomInt(LEGIBLE.length)]).join("");
  return [group(), group(), group(), group()].join("-");
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return new Map(Object.entries(value)).get(name);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
