/** Reading from servers that answer in parts, badly, or like Active Directory. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { makeCertificate } from "../../../components/identity/directory/testing.ts";
import { issueCertificate } from "../../../tests/issue-certificate.ts";
import { type DirectorySettings, directoryReader } from "./directory.ts";
import { type Answer, ScriptedDirectory, type SearchSeen } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "roost-ldap-"));
const PEOPLE = "ou=people,dc=example,dc=org";
const GROUPS = "ou=groups,dc=example,dc=org";
let directory: ScriptedDirectory | undefined;
let port = 0;

beforeAll(() => {
  makeCertificate(folder);
  writeFileSync(join(folder, "password"), "password");
});
afterEach(() => directory?.stop());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const guid = (last: number) => Buffer.concat([Buffer.alloc(15), Buffer.from([last])]);
const idOf = (last: number) => `00000000-0000-0000-0000-0000000000${last.toString(16).padStart(2, "0")}`;
const somebody = (number: number, attributes: Record<string, string[]> = {}) => ({
  dn: `CN=P${number},${PEOPLE}`,
  attributes: {
    objectGUID: [guid(number)],
    sAMAccountName: [`p${number}`],
    userAccountControl: ["512"],
    whenChanged: ["20260101000000.0Z"],
    ...attributes,
  },
});
const isPhotos = ({ text }: SearchSeen) => text.includes("thumbnailPhoto");
const isPeople = ({ base }: SearchSeen) => base === PEOPLE;

async function reader(answer: (search: SearchSeen) => Answer, changes: Partial<DirectorySettings> = {}) {
  const { createServer } = await import("node:net");
  port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === "object" ? address.port : 0));
    });
  });
  directory = await ScriptedDirectory.start(folder, port, answer);
  return directoryReader({
    urls: [directory.url],
    bindDn: "reader@example.org",
    bindPasswordFile: join(folder, "password"),
    caFile: join(folder, "ca.crt"),
    schema: "activeDirectory",
    peopleDn: PEOPLE,
    groupsDn: GROUPS,
    pageSize: 2,
    nestedGroups: true,
    timeoutMs: 1_000,
    ...changes,
  });
}

/** Answers with these people, whatever else is asked for. */
const only =
  (people: Answer) =>
  (search: SearchSeen): Answer =>
    isPeople(search) && !isPhotos(search) ? people : {};

describe("a directory", () => {
  it("is read in pages, with keys in bytes and groups of more members than one answer holds", async () => {
    const members = Array.from({ length: 5 }, (_, index) => `CN=P${index},${PEOPLE}`);
    const group = { dn: `CN=Staff,${GROUPS}`, attributes: { cn: ["Staff"], "member;range=0-1": members.slice(0, 2) } };
    const { read } = await reader((search) => {
      if (isPhotos(search)) return { entries: [somebody(1)] };
      if (isPeople(search)) {
        if (search.cookie === "") return { entries: [somebody(0), somebody(1)], cookie: "cookie-1" };
        return { entries: [somebody(2), somebody(3, { userAccountControl: ["514"] })] };
      }
      if (search.text.includes("member;range=2-*"))
        return { entries: [{ ...group, attributes: { "member;range=2-3": members.slice(2, 4) } }] };
      if (search.text.includes("member;range=4-*"))
        return { entries: [{ ...group, attributes: { "member;range=4-*": members.slice(4) } }] };
      return { entries: [group] };
    });
    const { people, groups } = await read(["Staff"]);
    expect([...people.keys()]).toEqual([0, 1, 2, 3].map(idOf));
    expect([...people.values()].map(({ groups: own }) => [...own])).toEqual([
      ["staff"],
      ["staff"],
      ["staff"],
      ["staff"],
    ]);
    expect(people.get(idOf(3))?.state).toBe("disabled");
    expect([...people.values()].map(({ photo }) => photo.present)).toEqual([false, true, false, false]);
    expect(groups).toEqual(new Set(["staff"]));
  });

  it.each<[string, Answer, RegExp]>([
    ["ends the connection in the middle of a page", { entries: [somebody(0)], cut: true }, /connection/i],
    ["has a limit of entries", { entries: [somebody(0)], code: 4, message: "limit" }, /SizeLimit|size limit/i],
    ["refers to another server", { code: 10 }, /refers to another one, and referrals are not followed/],
    [
      "has a part of its people elsewhere",
      { entries: [somebody(0)], references: [`ldap://dc2.example.org/OU=Branch,${PEOPLE}`] },
      /dc2\.example\.org.*referrals are not followed/,
    ],
    [
      "does not let keys be read",
      { entries: [{ dn: `CN=P0,${PEOPLE}`, attributes: { sAMAccountName: ["p0"] } }] },
      /shows no objectGUID/,
    ],
    ["is busy", { code: 51 }, /[Bb]usy/],
    ["has times that are none", { entries: [somebody(0, { accountExpires: ["soon"] })] }, /"soon" is no time/],
  ])("that %s gives nothing at all, and says why", async (_, answer, message) => {
    const { read } = await reader(only(answer));
    await expect(read([])).rejects.toThrow(message);
  });

  it("that breaks off after the first page is not taken up again as nobody", async () => {
    let pages = 0;
    const { read } = await reader((search) => {
      if (!isPeople(search) || isPhotos(search)) return {};
      pages++;
      return pages === 1 ? { entries: [somebody(0)], cookie: "cookie-1" } : { cut: true };
    });
    await expect(read([])).rejects.toThrow(/connection/i);
    expect(pages).toBe(2);
  });

  it("is not held responsible for the parts of a forest that hold no people", async () => {
    const references = ["DomainDnsZones", "ForestDnsZones"].map(
      (zone) => `ldap://${zone}.example.org/DC=${zone},DC=example,DC=org`,
    );
    const { read } = await reader(
      only({
        entries: [somebody(0)],
        references: [...references, "ldap://example.org/CN=Configuration,DC=example,DC=org"],
      }),
    );
    expect((await read([])).people.size).toBe(1);
  });

  it("tells whether somebody is there who was left out of a listing", async () => {
    const { present } = await reader((search) => (search.text.includes("\x00\x07") ? { entries: [somebody(7)] } : {}));
    expect(await present([idOf(7), idOf(8)])).toEqual(new Set([idOf(7)]));
  });

  it("is asked at the next server when the first is away, or does not let us in", async () => {
    const { read } = await reader(only({ entries: [somebody(0)] }));
    const urls = ["ldaps://localhost:1", `ldaps://localhost:${port}`];
    const second = directoryReader({
      urls,
      bindDn: "r",
      bindPasswordFile: join(folder, "password"),
      caFile: join(folder, "ca.crt"),
      schema: "activeDirectory",
      peopleDn: PEOPLE,
      groupsDn: GROUPS,
      pageSize: 2,
      nestedGroups: true,
    });
    expect((await second.read([])).people.size).toBe(1);
    expect((await read([])).people.size).toBe(1);
  });

  it("is never spoken to without encryption, or under another authority's certificate", async () => {
    const plain = await reader(only({}), { urls: ["ldap://localhost:389"] });
    await expect(plain.read([])).rejects.toThrow(/only ldaps:\/\/ is used/);
    directory?.stop();
    writeFileSync(join(folder, "other.crt"), issueCertificate({ ca: true }).certificatePem);
    const foreign = await reader(only({}), { caFile: join(folder, "other.crt") });
    await expect(foreign.read([])).rejects.toThrow(
      /No directory server lets us in.*(self-signed|unable to|issuer|verify)/,
    );
  });
});
