import { Connectivity } from "../network/connectivity.ts";
import { isKind, nameOf, ofKind, type Resource } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";
import { isPrivateKey, isPublic, keysIn } from "./keys.ts";
import { type Part, partOf } from "./uses.ts";

export const noSharedCredential = stackRule({
  id: "secrets-no-shared-credential",
  title: "A credential belongs to one part, or to a client and its server",
  why: "Where several parts sign in with one password, nobody can say which of them it was, nor lock out the one that was broken into. A private key that two parts share lets each of them pass for the other; only a Job that makes an account at a server has its password for that time.",
  fix: "Make a Secret for each client. Where a part needs only some keys of a Secret, name these in the volume's `items`.",
  severity: "high",
  controls: { iso: ["A.5.16", "A.5.17"], gbt: ["8.1.4.2 c)"] },
  appliesTo: (stack) => stack.some((resource) => partOf(resource) !== undefined),
  check(stack, report) {
    const connectivity = new Connectivity(stack);
    each(credentialsOf(stack), ({ name, users }) => {
      const isKey = isPrivateKey(name);
      const lasting = isKey ? users : users.filter((user) => !isProvisioning(connectivity, user, users));
      const [one, other, ...more] = lasting;
      if (one === undefined || other === undefined) return;
      // Who checks a password has to have it, as who shows it.
      if (!isKey && more.length === 0 && areConnected(connectivity, one, other)) return;
      const who = lasting.map(({ resource }) => nameOf(resource)).join(", ");
      const why = isKey ? ", and is a private key" : more.length > 0 ? "" : ", and neither reaches the other";
      report(`${name} is shared by ${who}${why}`, one.resource);
    });
  },
});

interface Credential {
  /** For messages: the Secret, then the key in it. */
  readonly name: string;
  /** One for each identity. */
  readonly users: readonly Part[];
}

function credentialsOf(stack: readonly Resource[]): readonly Credential[] {
  const parts = stack.flatMap((resource) => partOf(resource) ?? []);
  const users = new Map<string, Map<string, Part>>();
  const keys = keysBySecret(stack, parts);
  for (const part of parts) {
    for (const use of part.uses) {
      const secret = `${part.namespace}/${use.secret}`;
      for (const key of use.keys ?? keys.get(secret) ?? []) {
        if (isPublic(key)) continue;
        const name = `${secret}: ${key}`;
        users.set(name, (users.get(name) ?? new Map<string, Part>()).set(part.identity, part));
      }
    }
  }
  return [...users].map(([name, byIdentity]) => ({ name, users: [...byIdentity.values()] }));
}

/** Of a Secret that something else makes, those keys are known that some part names; the others are one, called so. */
function keysBySecret(stack: readonly Resource[], parts: readonly Part[]): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>();
  for (const { namespace, uses } of parts) {
    for (const { secret, keys: named = ["everything"] } of uses) {
      const name = `${namespace}/${secret}`;
      keys.set(name, [...new Set([...(keys.get(name) ?? []), ...named])]);
    }
  }
  for (const secret of ofKind(stack, "Secret")) keys.set(nameOf(secret), keysIn(secret));
  return keys;
}

/** Whether it is a Job that reaches each of the others, or the server that it and the other one reach. */
function isProvisioning(connectivity: Connectivity, part: Part, users: readonly Part[]): boolean {
  if (!isKind(part.resource, "Job") && !isKind(part.resource, "CronJob")) return false;
  const servers = serversOf(connectivity, part);
  return users
    .filter((user) => user !== part)
    .every(
      (user) => servers.has(user.resource) || [...serversOf(connectivity, user)].some((server) => servers.has(server)),
    );
}

/** What a part is let in by. */
function serversOf({ rules }: Connectivity, client: Part): Set<Resource> {
  const reached = rules.filter(
    ({ direction, others }) => direction === "Ingress" && others.some(({ resource }) => resource === client.resource),
  );
  return new Set(reached.flatMap(({ subjects }) => subjects.map(({ resource }): Resource => resource)));
}

function areConnected({ rules }: Connectivity, one: Part, other: Part): boolean {
  const means = (part: Part, pods: readonly { readonly resource: Resource }[]) =>
    pods.some(({ resource }) => resource === part.resource);
  return rules.some(
    ({ direction, subjects, others }) =>
      direction === "Ingress" &&
      ((means(one, subjects) && means(other, others)) || (means(other, subjects) && means(one, others))),
  );
}
