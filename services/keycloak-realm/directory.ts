/** The directory that people and groups are read from. */
import { createHmac } from "node:crypto";
import type ComponentRepresentation from "@keycloak/keycloak-admin-client/lib/defs/componentRepresentation.js";
import { differences } from "./difference.ts";
import type { Work } from "./reconcile.ts";
import type { ComponentConfig, Mapper } from "./specification.ts";
import { secretFiles } from "./specification.ts";

const name = "directory";
const storage = "org.keycloak.storage.UserStorageProvider";
const mapperType = "org.keycloak.storage.ldap.mappers.LDAPStorageMapper";
/** Attribute of the realm that tells whether the bind password is the one that was set last: Keycloak never shows it. */
const passwordAttribute = "roost.bindPassword";

/** The provider of people, as the other parts name it. */
export interface Provider {
  readonly id: string;
  /** The mapper that brings the groups. */
  readonly groupMapper: string;
}

export async function reconcileDirectory(work: Work): Promise<Provider> {
  const { admin, specification, changes } = work;
  const { config, mappers } = specification.directory;
  const realm = await admin.realms.findOne({ realm: specification.name });
  const parent = realm?.id ?? "";
  const password = work.secret(secretFiles.bind);
  // Keyed with a long random secret: the mark does not help to guess a short password.
  const mark = createHmac("sha256", work.secret(secretFiles.reconciler)).update(password).digest("hex");
  const declared = lists({ ...config, bindCredential: password });
  const [found] = await admin.components.find({ parent, type: storage, name });
  let id = found?.id;
  if (id === undefined) {
    const made = { name, parentId: parent, providerId: "ldap", providerType: storage, config: declared };
    ({ id } = await admin.components.create(made));
    changes.tell("made", "directory");
  } else {
    const parts = differences(lists(config), found?.config ?? {}, "config");
    if (realm?.attributes?.[passwordAttribute] !== mark) parts.push("config.bindCredential");
    if (parts.length > 0) {
      await admin.components.update({ id }, { ...found, config: { ...found?.config, ...declared } });
      changes.tell("restored", "directory", parts);
    }
  }
  if (realm?.attributes?.[passwordAttribute] !== mark) {
    await admin.realms.update({ realm: specification.name }, { attributes: { [passwordAttribute]: mark } });
  }
  const groupMapper = await reconcileMappers(work, id, mappers);
  return { id, groupMapper };
}

async function reconcileMappers(
  { admin, changes }: Work,
  parent: string,
  mappers: Readonly<Record<string, Mapper>>,
): Promise<string> {
  const found = await admin.components.find({ parent, type: mapperType });
  for (const mapper of found) {
    if (mapper.id === undefined || (mapper.name ?? "") in mappers) continue;
    await admin.components.del({ id: mapper.id });
    changes.tell("removed", `mapper ${mapper.name} of the directory`);
  }
  let groups = "";
  for (const [mapperName, { provider, config }] of Object.entries(mappers)) {
    const existing = found.find((each) => each.name === mapperName);
    const declared: ComponentRepresentation = {
      name: mapperName,
      parentId: parent,
      providerId: provider,
      providerType: mapperType,
      config: lists(config),
    };
    let id = existing?.id;
    const what = `mapper ${mapperName} of the directory`;
    if (id === undefined) {
      ({ id } = await admin.components.create(declared));
      changes.tell("made", what);
    } else {
      const parts = differences(declared, existing);
      if (parts.length > 0) {
        await admin.components.update({ id }, { ...declared, id });
        changes.tell("restored", what, parts);
      }
    }
    if (provider === "group-ldap-mapper") groups = id;
  }
  return groups;
}

/** Keycloak keeps each setting of a component as a list. */
function lists(config: ComponentConfig): Record<string, string[]> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, [value]]));
}
