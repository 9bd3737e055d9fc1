/** 5,000 people in 500 groups, and a group of 10,000: read whole, by the page. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { recordFigure } from "../../../tests/figures.ts";
import { directoryNames, groupDn, personDn } from "./names.ts";
import { accountOf, asAdministrator, group, person, startDirectory, type TestDirectory } from "./testing.ts";

const names = directoryNames("example.org");
const login = (n: number) => `person${n}`;

let directory: TestDirectory;
beforeAll(async () => {
  directory = await startDirectory({ groups: { staff: group() } });
  await asAdministrator(directory.server, async (client) => {
    for (let n = 0; n < 5000; n += 1)
      await client.add(personDn(names, login(n)), { objectClass: "inetOrgPerson", cn: `Person ${n}`, sn: `${n}` });
    const member = Array.from({ length: 10_000 }, (_, n) => personDn(names, login(n)));
    await client.add(groupDn(names, "everybody"), { objectClass: "groupOfNames", member });
    for (let n = 0; n < 500; n += 1)
      await client.add(groupDn(names, `group${n}`), {
        objectClass: "groupOfNames",
        member: member.slice(n * 10, n * 10 + 10),
      });
  });
}, 180_000);
afterAll(() => directory?.stop());

describe("a large directory", () => {
  it("is read whole by a program, by the page, in seconds", async () => {
    const began = Date.now();
    const client = await directory.client(accountOf("directory-sync"));
    const page = { paged: { pageSize: 500 } };
    const attributes = ["uid", "cn", "entryUUID", "pwdEndTime", "pwdAccountLockedTime"];
    const people = await client.search(names.peopleDn, { filter: "(objectClass=inetOrgPerson)", attributes, ...page });
    const groups = await client.search(names.groupsDn, {
      filter: "(objectClass=groupOfNames)",
      attributes: ["member"],
      ...page,
    });
    await client.unbind();
    expect(people.searchEntries).toHaveLength(5000);
    expect(groups.searchEntries).toHaveLength(502);
    const everybody = groups.searchEntries.find(({ dn }) => dn === groupDn(names, "everybody"));
    expect(everybody?.member).toHaveLength(10_000);
    recordFigure("e2e", "directory_read_5000_people_502_groups_seconds", {
      value: (Date.now() - began) / 1000,
      unit: "s",
      n: 1,
    });
    recordFigure("e2e", "directory_5000_people_memory_mib", { value: directory.server.memoryMiB(), unit: "MiB", n: 1 });
  }, 60_000);

  it("tells the groups of one person in a moment", async () => {
    const client = await directory.client(accountOf("keycloak"));
    const began = Date.now();
    const { searchEntries } = await client.search(names.peopleDn, {
      filter: "(uid=person42)",
      attributes: ["memberOf"],
    });
    recordFigure("e2e", "directory_member_of_ms", { value: Date.now() - began, unit: "ms", n: 1 });
    await client.unbind();
    expect([searchEntries[0]?.memberOf].flat().map(String).toSorted()).toEqual([
      groupDn(names, "everybody"),
      groupDn(names, "group4"),
    ]);
  });

  it("takes one more person into the group of 10,000", async () => {
    const added = person("One", "More", ["everybody"]);
    const changes = await directory.seed({ people: { more: added }, groups: { staff: group(), everybody: group() } });
    expect(changes).toContain(`changed ${groupDn(names, "everybody")}: objectClass, member, roostOrigin`);
  }, 60_000);
});
