/** Scopes: which claims stand in tokens. */
import { differences, restored } from "./difference.ts";
import type { Work } from "./reconcile.ts";

export async function reconcileScopes(work: Work): Promise<void> {
  const { admin, specification, changes } = work;
  const all = await admin.clientScopes.find();
  for (const [name, { mappers, ...scope }] of Object.entries(specification.scopes)) {
    const declared = { ...scope, name, protocol: "openid-connect" };
    let found = all.find((each) => each.name === name);
    if (found === undefined) {
      await admin.clientScopes.create(declared);
      found = await admin.clientScopes.findOneByName({ name });
      changes.tell("made", `scope ${name}`);
    }
    const id = found?.id;
    if (found === undefined || id === undefined) throw new Error(`Keycloak did not make the scope "${name}"`);
    const parts = differences(declared, found);
    if (parts.length > 0) {
      await admin.clientScopes.update({ id }, restored(declared, found));
      changes.tell("restored", `scope ${name}`, parts);
    }
    await reconcileMappers(work, id, name, mappers);
  }
}

async function reconcileMappers(
  { admin, changes }: Work,
  id: string,
  scope: string,
  mappers: Work["specification"]["scopes"][string]["mappers"],
): Promise<void> {
  const found = await admin.clientScopes.listProtocolMappers({ id });
  for (const [name, mapper] of Object.entries(mappers)) {
    const declared = { ...mapper, name, protocol: "openid-connect" };
    const existing = found.find((each) => each.name === name);
    const what = `mapper ${name} of scope ${scope}`;
    if (existing?.id === undefined) {
      await admin.clientScopes.addProtocolMapper({ id }, declared);
      changes.tell("made", what);
      continue;
    }
    const parts = differences(declared, existing);
    if (parts.length === 0) continue;
    await admin.clientScopes.updateProtocolMapper({ id, mapperId: existing.id }, restored(declared, existing));
    changes.tell("restored", what, parts);
  }
  for (const { id: mapperId, name = "" } of found) {
    if (mapperId === undefined || name in mappers) continue;
    await admin.clientScopes.delProtocolMapper({ id, mapperId });
    changes.tell("removed", `mapper ${name} of scope ${scope}`);
  }
}
