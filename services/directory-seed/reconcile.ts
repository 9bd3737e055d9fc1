import type { Client } from "ldapts";
import { Attribute, Change, InvalidCredentialsError, NoSuchObjectError } from "ldapts";
import type { ServiceAccount } from "../../components/identity/directory/names.ts";
import { serviceDn } from "../../components/identity/directory/names.ts";
import { settingsOrigin } from "../../components/identity/directory/own-schema.ts";
import type { Entry } from "./entries.ts";
import { containers, groupEntry, personEntry, policies } from "./entries.ts";
import type { Wanted } from "./wanted.ts";

/** What was done, in words. Never a password. */
export type Audit = (line: string) => void;

type Values = Readonly<Record<string, readonly string[]>>;

const PAGE = 500;

/**
 * Makes the directory hold what the settings say, and only reports what it changes: run again, it changes nothing.
 *
 * What the settings name is kept as they say. What else there is, people, groups, and these as members of groups, is the
 * administrators' own and left alone. What the settings made and no longer name is removed.
 */
export async function reconcile(administrator: Client, wanted: Wanted, audit: Audit): Promise<void> {
  const { names, people, groups } = wanted;
  for (const entry of [...containers(names), ...policies(names, wanted.policy)])
    await keep(administrator, entry, await read(administrator, entry.dn), audit);

  const there = await readAll(administrator, wanted);
  const wantedPeople = Object.entries(people).map(([login, person]) => personEntry(names, login, person));
  const wantedGroups = Object.entries(groups).map(([name, group]) => groupEntry(names, name, group, people));
  const wantedKeys = new Set([...wantedPeople, ...wantedGroups].map(({ dn }) => key(dn)));
  const leaving = [...there].filter(([dn, { values }]) => isOurs(values) && !wantedKeys.has(dn));
  refuseMassRemoval(wanted, there, leaving);

  for (const entry of wantedPeople) await keep(administrator, entry, there.get(key(entry.dn))?.values, audit);
  for (const entry of wantedGroups) {
    const values = there.get(key(entry.dn))?.values;
    const member = members(entry, values, wanted, there, wantedKeys);
    await keep(administrator, { ...entry, attributes: { ...entry.attributes, member } }, values, audit);
  }
  for (const [, { dn }] of leaving) {
    await administrator.del(dn);
    audit(`removed ${dn}`);
  }
}

/**
 * Gives a program its account, and its password when it has another. These come last: while a directory is not whole,
 * nobody can read it and take it for whole.
 */
export async function keepAccount(
  administrator: Client,
  asProgram: Client,
  { names }: Wanted,
  account: ServiceAccount,
  password: string,
  audit: Audit,
): Promise<void> {
  const dn = serviceDn(names, account);
  const pwdPolicySubentry = [`cn=services,${names.policiesDn}`];
  const objectClass = ["applicationProcess", "simpleSecurityObject"];
  const there = await read(administrator, dn);
  if (there === undefined) {
    await administrator.add(dn, { objectClass, cn: account, userPassword: password, pwdPolicySubentry });
    audit(`made ${dn}`);
  } else if (!(await accepts(asProgram, dn, password))) {
    await replace(administrator, dn, "userPassword", [password]);
    audit(`gave ${dn} its new password`);
  }
}

async function accepts(client: Client, dn: string, password: string): Promise<boolean> {
  try {
    await client.bind(dn, password);
    return true;
  } catch (error) {
    if (error instanceof InvalidCredentialsError) return false;
    throw error;
  } finally {
    await client.unbind();
  }
}

interface Found {
  readonly dn: string;
  readonly values: Values;
}

/** Everybody and every group, by {@link key}. */
async function readAll(client: Client, { names }: Wanted): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  for (const container of [names.peopleDn, names.groupsDn]) {
    const { searchEntries } = await client.search(container, {
      scope: "one",
      filter: "(objectClass=*)",
      attributes: attributesRead,
      paged: { pageSize: PAGE },
    });
    for (const entry of searchEntries) found.set(key(entry.dn), { dn: entry.dn, values: valuesOf(entry) });
  }
  return found;
}

const attributesRead = ["*", "pwdEndTime"];

async function read(client: Client, dn: string): Promise<Values | undefined> {
  try {
    const { searchEntries } = await client.search(dn, {
      scope: "base",
      filter: "(objectClass=*)",
      attributes: attributesRead,
    });
    return searchEntries[0] && valuesOf(searchEntries[0]);
  } catch (error) {
    if (error instanceof NoSuchObjectError) return undefined;
    throw error;
  }
}

function valuesOf({ dn: _dn, ...attributes }: Record<string, Buffer | Buffer[] | string | string[]>): Values {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, [value].flat().map(String)]));
}

/** Makes the entry, or gives it the attributes that it should have; others of its attributes are left. */
async function keep(client: Client, entry: Entry, there: Values | undefined, audit: Audit): Promise<void> {
  if (there === undefined) {
    const filled = Object.entries(entry.attributes).filter(([, values]) => values.length > 0);
    const attributes = filled.map(([type, values]) => new Attribute({ type, values: [...values] }));
    await client.add(entry.dn, [new Attribute({ type: "objectClass", values: [...entry.objectClass] }), ...attributes]);
    audit(`made ${entry.dn}`);
    return;
  }
  const classes = new Set(there.objectClass?.map((name) => name.toLowerCase()));
  const missing = entry.objectClass.filter((name) => !classes.has(name.toLowerCase()));
  const changed = Object.entries(entry.attributes).filter(([name, values]) => !same(values, there[name] ?? [], name));
  const changes = [
    ...(missing.length > 0 ? [change("add", "objectClass", missing)] : []),
    ...changed.map(([name, values]) => change("replace", name, values)),
  ];
  if (changes.length === 0) return;
  await client.modify(entry.dn, changes);
  audit(
    `changed ${entry.dn}: ${[...(missing.length > 0 ? ["objectClass"] : []), ...changed.map(([name]) => name)].join(", ")}`,
  );
}

/** Members that the settings say, and those that are none of the settings' business. */
function members(
  entry: Entry,
  values: Values | undefined,
  { names }: Wanted,
  there: ReadonlyMap<string, Found>,
  wantedKeys: ReadonlySet<string>,
): readonly string[] {
  const byHand = (values?.member ?? []).filter((dn) => {
    const found = there.get(key(dn));
    return found !== undefined && !isOurs(found.values) && !wantedKeys.has(key(dn));
  });
  const all = [...(entry.attributes.member ?? []), ...byHand];
  return all.length > 0 ? all : [names.nobodyDn];
}

function refuseMassRemoval(
  { names, maxLeavers }: Wanted,
  there: ReadonlyMap<string, Found>,
  leaving: readonly (readonly [string, Found])[],
): void {
  const isPerson = (dn: string) => dn.endsWith(key(names.peopleDn));
  const people = [...there].filter(([dn, { values }]) => isPerson(dn) && isOurs(values)).length;
  const leavers = leaving.filter(([dn]) => isPerson(dn)).length;
  const allowed = Math.max(maxLeavers.atLeast, Math.floor((people * maxLeavers.percent) / 100));
  if (leavers <= allowed) return;
  throw new Error(
    `The settings no longer name ${leavers} of the ${people} people that they have made, and at most ${allowed} are ` +
      "removed at once: who comes back would be another person. Name them again with `disabled: true`, remove them in " +
      "steps, or raise roost:identity.sync.maxLeavers.",
  );
}

function isOurs(values: Values): boolean {
  return values.roostOrigin?.[0] === settingsOrigin;
}

async function replace(client: Client, dn: string, type: string, values: readonly string[]): Promise<void> {
  await client.modify(dn, [change("replace", type, values)]);
}

function change(operation: "add" | "replace", type: string, values: readonly string[]): Change {
  return new Change({ operation, modification: new Attribute({ type, values: [...values] }) });
}

function same(wanted: readonly string[], there: readonly string[], attribute: string): boolean {
  const normal = attribute === "member" ? key : (value: string) => value;
  const left = new Set(wanted.map(normal));
  const right = new Set(there.map(normal));
  return left.size === right.size && [...left].every((value) => right.has(value));
}

/** A distinguished name as the server compares it: it may write `\\2C` where it was given `\\,`. */
function key(dn: string): string {
  const plain = dn.replace(/(?:\\[0-9a-f]{2})+|\\./gi, (escaped) => {
    const text = /^\\[0-9a-f]{2}/i.test(escaped)
      ? Buffer.from(escaped.replaceAll("\\", ""), "hex").toString("utf8")
      : escaped.slice(1);
    return text.replace(/[\\,+"<>;=# ]/g, "\\$&");
  });
  return plain.normalize("NFKC").toLowerCase();
}
