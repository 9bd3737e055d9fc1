/** Reads people and groups. A snapshot is whole: whatever fails on the way, there is none. */
import type { DirectorySchema } from "../../../components/identity/ldap.ts";
import { groupKey } from "../../../components/identity/rights.ts";
import type { Directory, Person } from "../core/model.ts";
import { type Connection, type ConnectionSettings, withConnection } from "./connection.ts";
import { guidFilter, guidText, type LdapEntry } from "./entry.ts";
import { type GroupEntry, membershipsOf, refuseAmbiguous } from "./groups.ts";
import { type Schema, schemas } from "./schemas.ts";

export interface DirectorySettings extends ConnectionSettings {
  readonly schema: DirectorySchema;
  readonly peopleDn: string;
  readonly groupsDn: string;
  readonly peopleFilter?: string | undefined;
  readonly nestedGroups: boolean;
}

export interface DirectoryReader {
  /** @param groupNames names of groups that rights are about */
  read(groupNames: readonly string[]): Promise<Directory>;
  /** Which of these keys there are in the directory, each asked for by itself. */
  present(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Lets photos be read, by one connection. */
  photos<T>(use: (photo: (id: string) => Promise<Buffer | undefined>) => Promise<T>): Promise<T>;
}

export function directoryReader(settings: DirectorySettings, now: () => Date = () => new Date()): DirectoryReader {
  const schema = schemas[settings.schema];
  const people = and(schema.people, settings.peopleFilter);
  const binary = schema.idIsGuid ? [schema.id] : [];
  const byId = (id: string) =>
    and(people, schema.idIsGuid ? guidFilter(schema.id, id) : `(${schema.id}=${escapeValue(id)})`);
  return {
    read(groupNames) {
      return withConnection(settings, async (connection) => {
        const groups = await readGroups(connection, settings, schema);
        refuseAmbiguous(groups, groupNames);
        const attributes = [schema.id, schema.login, "displayName", "cn", schema.revision, ...schema.status];
        const search = { base: settings.peopleDn, filter: people, binary };
        const entries = await connection.search({ ...search, attributes });
        const withPhoto = await connection.search({
          ...search,
          filter: and(people, `(${schema.photo}=*)`),
          attributes: [schema.id],
        });
        const photos = new Set(withPhoto.map((entry) => idOf(entry, schema)));
        const memberships = membershipsOf(groups, settings.nestedGroups);
        const found = entries.flatMap((entry) => {
          const login = entry.text(schema.login);
          // Nobody can sign in without a login: an entry for something else.
          if (login === undefined) return [];
          return [personOf(entry, login, schema, memberships.of({ dn: entry.dn, login }), photos, now())];
        });
        return {
          people: new Map(found.map((person) => [person.id, person])),
          groups: new Set(groups.map(({ name }) => groupKey(name))),
        };
      });
    },
    present(ids) {
      if (ids.length === 0) return Promise.resolve(new Set());
      return withConnection(settings, async (connection) => {
        const found = new Set<string>();
        for (const id of ids) {
          const entries = await connection.search({
            base: settings.peopleDn,
            filter: byId(id),
            attributes: [schema.id],
            binary,
          });
          if (entries.length > 0) found.add(id);
        }
        return found;
      });
    },
    photos(use) {
      return withConnection(settings, (connection) =>
        use(async (id) => {
          const [entry] = await connection.search({
            base: settings.peopleDn,
            filter: byId(id),
            attributes: [schema.photo],
            binary: [schema.photo],
          });
          return entry?.bytes(schema.photo);
        }),
      );
    },
  };
}

function personOf(
  entry: LdapEntry,
  login: string,
  schema: Schema,
  groups: ReadonlySet<string>,
  photos: ReadonlySet<string>,
  now: Date,
): Person {
  const id = idOf(entry, schema);
  return {
    id,
    login,
    name: entry.text("displayName") ?? entry.text("cn") ?? login,
    state: schema.stateOf(entry, now),
    groups,
    photo: { present: photos.has(id), revision: entry.text(schema.revision) ?? "" },
  };
}

function idOf(entry: LdapEntry, schema: Schema): string {
  if (schema.idIsGuid) {
    const bytes = entry.bytes(schema.id);
    if (bytes !== undefined && bytes.length > 0) return guidText(bytes);
  } else {
    const id = entry.text(schema.id);
    if (id !== undefined) return id;
  }
  throw new Error(`${entry.dn} shows no ${schema.id}: the account that reads the directory must be allowed to read it`);
}

async function readGroups(connection: Connection, settings: DirectorySettings, schema: Schema): Promise<GroupEntry[]> {
  const attributes = ["cn", "member", "uniqueMember", "memberUid"];
  const entries = await connection.search({ base: settings.groupsDn, filter: schema.groups, attributes });
  const groups: GroupEntry[] = [];
  for (const entry of entries) {
    const name = entry.text("cn");
    if (name === undefined) continue;
    const members = [...(await allMembers(connection, entry)), ...entry.values("uniqueMember")];
    // An empty member stands for nobody where the schema wants at least one.
    groups.push({ dn: entry.dn, name, members: members.filter((dn) => dn !== ""), logins: entry.values("memberUid") });
  }
  return groups;
}

/** All members of a group, of which Active Directory gives 1,500 at a time. */
async function allMembers(connection: Connection, entry: LdapEntry): Promise<string[]> {
  let { values, next } = entry.range("member");
  const members = [...values];
  while (next !== undefined) {
    const [part] = await connection.search({
      base: entry.dn,
      scope: "base",
      filter: "(objectClass=*)",
      attributes: [`member;range=${next}-*`],
    });
    if (part === undefined) throw new Error(`${entry.dn} went away while its members were read`);
    const before: number = next;
    ({ values, next } = part.range("member"));
    if (values.length === 0 || (next !== undefined && next <= before))
      throw new Error(`${entry.dn} does not give its members from number ${before} on`);
    members.push(...values);
  }
  return members;
}

function and(filter: string, further: string | undefined): string {
  return further === undefined ? filter : `(&${filter}${further})`;
}

/** @source https://www.rfc-editor.org/rfc/rfc4515#section-3 */
function escapeValue(value: string): string {
  return value.replace(/[\\*()\0]/g, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
