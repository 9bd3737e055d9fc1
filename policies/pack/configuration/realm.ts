/** Realms of Keycloak, as a stack declares them: in the form of Keycloak's own exports, or of this project's reconciler. */
import { z } from "zod";
import { isKind, type Resource } from "../resource.ts";
import { filesOf } from "./files.ts";

const settings = z.record(z.string(), z.unknown());

const client = z.looseObject({
  clientId: z.string(),
  enabled: z.boolean().default(true),
  publicClient: z.boolean().default(false),
  bearerOnly: z.boolean().default(false),
  standardFlowEnabled: z.boolean().default(true),
  implicitFlowEnabled: z.boolean().default(false),
  // What Keycloak takes where nothing is said.
  directAccessGrantsEnabled: z.boolean().default(true),
  redirectUris: z.array(z.string()).default([]),
  attributes: z.record(z.string(), z.unknown()).default({}),
});

export type RealmClient = z.infer<typeof client>;

export interface Realm {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly clients: readonly RealmClient[];
  /** Authenticators in its flows. */
  readonly authenticators: ReadonlySet<string>;
  /** Settings of the directories that people come from. */
  readonly directories: readonly Readonly<Record<string, string>>[];
}

const one = z.union([z.string(), z.array(z.string()).transform(([value = ""]) => value)]);
const directory = z.record(z.string(), one);

const declared = z.looseObject({
  specification: z.looseObject({
    name: z.string(),
    realm: settings,
    clients: z.array(client),
    flows: z.unknown().optional(),
    directory: z.looseObject({ config: directory }).optional(),
  }),
});

const storage = "org.keycloak.storage.UserStorageProvider";
const exported = z.looseObject({
  realm: z.string(),
  clients: z.array(client),
  authenticationFlows: z.unknown().optional(),
  components: z
    .looseObject({ [storage]: z.array(z.looseObject({ providerId: z.string(), config: directory })).default([]) })
    .optional(),
});

/** The realms in a ConfigMap or Secret, or nothing where none is. */
export function realmsOf(resource: Resource): readonly Realm[] | undefined {
  const realms = filesOf(resource).flatMap(({ name, text }) => {
    if (!name.endsWith(".json")) return [];
    if (!isKind(resource, "ConfigMap") && !/realm/i.test(name)) return [];
    const realm = realmIn(text());
    return realm === undefined ? [] : [realm];
  });
  return realms.length > 0 ? realms : undefined;
}

function realmIn(text: string): Realm | undefined {
  const json = parsed(text);
  const ours = declared.safeParse(json);
  if (ours.success) {
    const { name, realm, clients, flows, directory: people } = ours.data.specification;
    const directories = people === undefined ? [] : [people.config];
    return { name, settings: realm, clients, authenticators: authenticatorsIn(flows), directories };
  }
  const theirs = exported.safeParse(json);
  if (!theirs.success) return undefined;
  const { realm: name, clients, authenticationFlows, components } = theirs.data;
  const directories = (components?.[storage] ?? [])
    .filter(({ providerId }) => providerId === "ldap")
    .map(({ config }) => config);
  const authenticators = authenticatorsIn(authenticationFlows);
  return { name, settings: theirs.data, clients, authenticators, directories };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: then it is no realm.
    return undefined;
  }
}

/** Every value of a key `authenticator`, however deep, but for steps that are off. */
function authenticatorsIn(tree: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) visit(each);
    else if (typeof node === "object" && node !== null) {
      if (Reflect.get(node, "requirement") === "DISABLED") return;
      const name: unknown = Reflect.get(node, "authenticator");
      if (typeof name === "string") found.add(name);
      for (const each of Object.values(node)) visit(each);
    }
  };
  visit(tree);
  return found;
}
