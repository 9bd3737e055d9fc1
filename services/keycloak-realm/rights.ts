/**
 * Roles by groups. People's groups, those of groups too, are what the directory says at their sign-in; here each group gets
 * its roles, as soon as it is in the directory.
 */
import type GroupRepresentation from "@keycloak/keycloak-admin-client/lib/defs/groupRepresentation.js";
import type RoleRepresentation from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import type { Provider } from "./directory.ts";
import type { Work } from "./reconcile.ts";
import { rolesOf } from "./roles-of-group.ts";

const page = 500;

/** Makes the roles; the groups get them when everything else stands. */
export async function reconcileRights(work: Work, provider: Provider) {
  const { admin, specification, changes } = work;
  const { groupsClient, groups, roles } = specification.rights;
  let [client] = await admin.clients.find({ clientId: groupsClient });
  if (client === undefined) {
    await admin.clients.create({
      clientId: groupsClient,
      protocol: "openid-connect",
      name: "Groups of the directory",
      enabled: true,
      bearerOnly: true,
      standardFlowEnabled: false,
      directAccessGrantsEnabled: false,
    });
    [client] = await admin.clients.find({ clientId: groupsClient });
    changes.tell("made", `client ${groupsClient}`);
  }
  const id = client?.id;
  if (id === undefined) throw new Error(`Keycloak did not make the client "${groupsClient}"`);
  const wanted = new Set([...groups, ...Object.keys(roles)]);
  const found = await admin.clients.listRoles({ id });
  for (const name of wanted) {
    if (found.some((role) => role.name === name)) continue;
    await admin.clients.createRole({ id, name });
    changes.tell("made", `role ${name}`);
  }
  for (const { name = "" } of found) {
    if (wanted.has(name)) continue;
    await admin.clients.delRole({ id, roleName: name });
    changes.tell("removed", `role ${name}`);
  }
  return { assign: () => assign(work, provider, id) };
}

async function assign(work: Work, provider: Provider, client: string): Promise<void> {
  const { admin, specification } = work;
  await admin.userStorageProvider.mappersSync({
    parentId: provider.id,
    id: provider.groupMapper,
    direction: "fedToKeycloak",
  });
  const groups = await allGroups(work);
  const roles = await admin.clients.listRoles({ id: client });
  for (const group of groups)
    await assignTo(work, group, client, roles, rolesOf(group.name ?? "", specification.rights));
}

async function assignTo(
  { admin, specification, changes }: Work,
  group: GroupRepresentation,
  client: string,
  roles: readonly RoleRepresentation[],
  wanted: ReadonlySet<string>,
): Promise<void> {
  const { id = "", name = "" } = group;
  const has = new Set(group.clientRoles?.[specification.rights.groupsClient] ?? []);
  const named = (isIt: (role: string) => boolean) =>
    roles.flatMap((role) => (role.id && role.name && isIt(role.name) ? [{ id: role.id, name: role.name }] : []));
  const missing = named((role) => wanted.has(role) && !has.has(role));
  const excess = named((role) => !wanted.has(role) && has.has(role));
  const ids = { id, clientUniqueId: client };
  if (missing.length > 0) await admin.groups.addClientRoleMappings({ ...ids, roles: missing });
  if (excess.length > 0) await admin.groups.delClientRoleMappings({ ...ids, roles: excess });
  const parts = [...missing, ...excess].map((role) => role.name);
  if (parts.length > 0) changes.tell("restored", `roles of the group ${name}`, parts);
}

async function allGroups({ admin }: Work): Promise<GroupRepresentation[]> {
  const all: GroupRepresentation[] = [];
  for (;;) {
    const some = await admin.groups.find({ first: all.length, max: page, briefRepresentation: false });
    all.push(...some);
    if (some.length < page) return all;
  }
}
