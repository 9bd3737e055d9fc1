/** Filling a real directory: what the settings say, and nothing of what is not theirs. */
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Attribute, Change, InvalidCredentialsError } from "ldapts";
import { groupDn, personDn } from "../../components/identity/directory/names.ts";
import {
  accountOf,
  group,
  passwordOf,
  person,
  personBind,
  startDirectory,
  type TestDirectory,
} from "../../components/identity/directory/testing.ts";

const people = {
  ada: person("Ada", "Lovelace", ["staff"]),
  grace: person("Grace", "Hopper", ["staff", "Ärzte, Nord+Süd"]),
};
const groups = { staff: group("empty"), "Ärzte, Nord+Süd": group(), empty: group() };

let directory: TestDirectory;
beforeEach(async () => {
  directory = await startDirectory({ people, groups });
}, 120_000);
afterEach(() => directory?.stop());

async function attributesOf(dn: string, ...attributes: string[]) {
  const { searchEntries } = await directory.asAdministrator((client) =>
    client.search(dn, { scope: "base", attributes: ["*", "entryUUID", "pwdAccountLockedTime", ...attributes] }),
  );
  return searchEntries[0];
}

const modify = (dn: string, operation: "add" | "replace" | "delete", type: string, ...values: string[]) =>
  directory.asAdministrator((client) =>
    client.modify(dn, new Change({ operation, modification: new Attribute({ type, values }) })),
  );

const addByHand = (login: string) =>
  directory.asAdministrator((client) =>
    client.add(personDn(directory.names, login), { objectClass: "inetOrgPerson", cn: login, sn: login }),
  );

const signIn = async (login: string, password = passwordOf(login)) =>
  (await directory.client(personBind(login, password))).unbind();

describe("filling the directory", () => {
  it("changes nothing the second time", async () => {
    expect(await directory.seed({ people, groups })).toEqual([]);
  });

  it("makes joiners, follows changes of names, and keeps the person's key and password", async () => {
    const dn = personDn(directory.names, "ada");
    const before = await attributesOf(dn);
    const next = {
      ...people,
      ada: { ...people.ada, surname: "King", mail: "ada@example.org" },
      alan: person("Alan", "Turing"),
    };
    expect(await directory.seed({ people: next, groups })).toEqual([
      `changed ${dn}: cn, sn, displayName, mail`,
      `made ${personDn(directory.names, "alan")}`,
    ]);
    expect(await attributesOf(dn)).toMatchObject({ sn: "King", entryUUID: before?.entryUUID });
    await signIn("ada");
  });

  it("puts back what was changed by hand of what the settings say, but not what they do not speak of", async () => {
    const dn = personDn(directory.names, "ada");
    await modify(dn, "replace", "sn", "Byron");
    await modify(dn, "add", "telephoneNumber", "+44 20 7946 0000");
    expect(await directory.seed({ people, groups })).toEqual([`changed ${dn}: sn`]);
    expect(await attributesOf(dn)).toMatchObject({ sn: "Lovelace", telephoneNumber: "+44 20 7946 0000" });
  });

  it("never touches a password that its owner has changed", async () => {
    await modify(personDn(directory.names, "ada"), "replace", "userPassword", "ada's own new password");
    expect(await directory.seed({ people, groups })).toEqual([]);
    await signIn("ada", "ada's own new password");
  });

  it("leaves people and groups that were added by hand, and those people in the settings' groups", async () => {
    const { names } = directory;
    await addByHand("eve");
    const eve = personDn(names, "eve");
    await modify(groupDn(names, "staff"), "add", "member", eve);
    await modify(groupDn(names, "empty"), "replace", "member", eve);
    await directory.asAdministrator((client) =>
      client.add(groupDn(names, "club"), { objectClass: "groupOfNames", member: [eve, personDn(names, "ada")] }),
    );
    expect(await directory.seed({ people, groups })).toEqual([]);
    expect((await attributesOf(groupDn(names, "staff")))?.member).toContain(eve);
    expect((await attributesOf(groupDn(names, "club")))?.member).toHaveLength(2);
  });

  it("takes people of the settings out of groups again that they were put into by hand", async () => {
    const { names } = directory;
    await modify(groupDn(names, "empty"), "add", "member", personDn(names, "ada"));
    expect(await directory.seed({ people, groups })).toEqual([`changed ${groupDn(names, "empty")}: member`]);
  });

  it("removes who is no longer named, from their groups too, and makes a new person of whom is named again", async () => {
    const { names } = directory;
    const dn = personDn(names, "grace");
    const before = await attributesOf(dn);
    const { grace: _leaver, ...staying } = people;
    const changes = await directory.seed({ people: staying, groups });
    expect(changes).toContain(`removed ${dn}`);
    expect((await attributesOf(groupDn(names, "Ärzte, Nord+Süd")))?.member).toBe(names.nobodyDn);
    expect(await directory.seed({ people: staying, groups })).toEqual([]);
    await directory.seed({ people, groups });
    expect((await attributesOf(dn))?.entryUUID).not.toBe(before?.entryUUID);
  });

  it("takes over a person whom an administrator had added, when the settings name them", async () => {
    await addByHand("eve");
    const dn = personDn(directory.names, "eve");
    const before = await attributesOf(dn);
    await directory.seed({ people: { ...people, eve: person("Eve", "Online") }, groups });
    expect(await attributesOf(dn)).toMatchObject({ sn: "Online", entryUUID: before?.entryUUID });
  });

  it("shuts an account at once, and opens it when the settings say so", async () => {
    const shut = { ...people, ada: { ...people.ada, disabled: true } };
    await directory.seed({ people: shut, groups });
    await expect(signIn("ada")).rejects.toThrow(InvalidCredentialsError);
    expect(await directory.seed({ people: shut, groups })).toEqual([]);
    await directory.seed({ people, groups });
    await signIn("ada");
  });

  it("does not open what an administrator has shut by hand", async () => {
    const dn = personDn(directory.names, "ada");
    await modify(dn, "replace", "pwdAccountLockedTime", "000001010000Z");
    expect(await directory.seed({ people, groups })).toEqual([]);
    await expect(signIn("ada")).rejects.toThrow(InvalidCredentialsError);
  });

  it("refuses to remove many people at once, and then has removed none", async () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`p${n}`, person("P", `${n}`)]));
    await directory.seed({ people: { ...people, ...many }, groups });
    await expect(directory.seed({ people, groups })).rejects.toThrow(/no longer name 20 of the 22 people/);
    await signIn("p3");
  });

  it("gives a program its password again when that was changed", async () => {
    const { bindDn, bindPassword } = accountOf("keycloak");
    await modify(bindDn, "replace", "userPassword", "another password than the stack's");
    expect(await directory.seed({ people, groups })).toEqual([`gave ${bindDn} its new password`]);
    await (await directory.client({ bindDn, bindPassword })).unbind();
  });
});
