/** Relying parties. */
import { differences, restored } from "./difference.ts";
import { flowId } from "./flows.ts";
import type { Work } from "./reconcile.ts";
import type { Client } from "./specification.ts";

/** An attribute of each client that is ours: those that are no longer declared are removed. */
const ours = { "roost.declared": "true" };

export async function reconcileClients(work: Work, flows: ReadonlyMap<string, string>): Promise<void> {
  const { admin, specification, changes } = work;
  for (const client of specification.clients) {
    const declared = await representation(work, client, flows);
    const { defaultClientScopes = [], optionalClientScopes = [], ...rest } = declared;
    const [found] = await admin.clients.find({ clientId: client.clientId });
    if (found?.id === undefined) {
      await admin.clients.create(declared);
      changes.tell("made", `client ${client.clientId}`);
      continue;
    }
    const parts = differences(rest, found);
    if (parts.length > 0) {
      await admin.clients.update({ id: found.id }, restored(rest, found));
      changes.tell("restored", `client ${client.clientId}`, parts);
    }
    await reconcileClientScopes(work, found.id, client.clientId, defaultClientScopes, optionalClientScopes);
  }
  await removeFormerClients(work);
}

/** What Keycloak itself has made: it is changed, never made. */
export async function reconcileBuiltInClients({ admin, specification, changes }: Work): Promise<void> {
  for (const client of specification.builtInClients) {
    const [found] = await admin.clients.find({ clientId: client.clientId });
    if (found?.id === undefined) continue;
    const parts = differences(client, found);
    if (parts.length === 0) continue;
    await admin.clients.update({ id: found.id }, restored(client, found));
    changes.tell("restored", `client ${client.clientId}`, parts);
  }
}

async function representation(work: Work, client: Client, flows: ReadonlyMap<string, string>) {
  const { secretFile, browserFlow, ...rest } = client;
  const alias = browserFlow === undefined ? undefined : flows.get(browserFlow);
  return {
    ...rest,
    protocol: "openid-connect",
    attributes: { ...rest.attributes, ...ours },
    ...(secretFile !== undefined && { secret: work.secret(secretFile) }),
    ...(alias !== undefined && { authenticationFlowBindingOverrides: { browser: await flowId(work, alias) } }),
  };
}

/** The scopes of a client are changed one by one: an update of the client leaves them as they are. */
async function reconcileClientScopes(
  { admin, changes }: Work,
  id: string,
  clientId: string,
  defaults: readonly string[],
  optional: readonly string[],
): Promise<void> {
  const scopes = await admin.clientScopes.find();
  const idOf = (name: string) => {
    const found = scopes.find((scope) => scope.name === name)?.id;
    if (found === undefined) throw new Error(`client ${clientId}: Keycloak has no scope "${name}"`);
    return found;
  };
  const [hasDefault, hasOptional] = [
    await admin.clients.listDefaultClientScopes({ id }),
    await admin.clients.listOptionalClientScopes({ id }),
  ];
  const named = (list: typeof hasDefault) => list.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const parts: string[] = [];
  for (const name of named(hasOptional).filter((each) => !optional.includes(each))) {
    await admin.clients.delOptionalClientScope({ id, clientScopeId: idOf(name) });
    parts.push(`optionalClientScopes.${name}`);
  }
  for (const name of named(hasDefault).filter((each) => !defaults.includes(each))) {
    await admin.clients.delDefaultClientScope({ id, clientScopeId: idOf(name) });
    parts.push(`defaultClientScopes.${name}`);
  }
  for (const name of defaults.filter((each) => !named(hasDefault).includes(each))) {
    await admin.clients.addDefaultClientScope({ id, clientScopeId: idOf(name) });
    parts.push(`defaultClientScopes.${name}`);
  }
  if (parts.length > 0) changes.tell("restored", `client ${clientId}`, parts);
}

async function removeFormerClients({ admin, specification, changes }: Work): Promise<void> {
  const declared = new Set(specification.clients.map(({ clientId }) => clientId));
  for (const { id, clientId = "", attributes } of await admin.clients.find()) {
    if (id === undefined || attributes?.["roost.declared"] !== "true" || declared.has(clientId)) continue;
    await admin.clients.del({ id });
    changes.tell("removed", `client ${clientId}`);
  }
}
