import { describe, expect, it } from "@jest/globals";
import type { RealmArgs } from "./index.ts";
import { realmSpecification } from "./index.ts";

const args: RealmArgs = {
  title: "Example",
  directory: {
    urls: ["ldaps://one.example.org:636", "ldaps://two.example.org:636"],
    bindDn: "cn=reader",
    schema: "activeDirectory",
    peopleDn: "ou=people",
    groupsDn: "ou=groups",
    pageSize: 500,
    nestedGroups: true,
  },
  clients: {
    chat: { title: "Chat", redirectUris: ["https://chat.example.org/callback"], groups: ["staff"] },
    graphs: { title: "Graphs", redirectUris: ["https://graphs.example.org/callback"] },
  },
  administrators: ["it"],
  groups: ["engineers"],
  secondFactor: "administrators",
  sessions: { idleMinutes: 60, maxHours: 12 },
  lockout: { failures: 5, minutes: 15 },
};

describe("the realm", () => {
  it("asks only those clients for groups that name some", () => {
    const { clients, flows } = realmSpecification(args);
    expect(clients.map(({ clientId, browserFlow }) => [clientId, browserFlow])).toEqual([
      ["chat", "browser chat"],
      ["graphs", undefined],
    ]);
    expect(JSON.stringify(flows["browser chat"])).toContain("deny-access-authenticator");
    expect(JSON.stringify(flows.browser)).not.toContain("deny-access-authenticator");
  });

  it("gives roles by each group that is named, once", () => {
    const { rights } = realmSpecification({ ...args, groups: ["staff", "engineers"] });
    expect(rights.groups).toEqual(["engineers", "it", "staff"]);
    expect(rights.roles).toEqual({ "must:second-factor": ["it"], "may:chat": ["staff"] });
  });

  it("asks everyone for a second factor where that is set", () => {
    const flow = JSON.stringify(realmSpecification({ ...args, secondFactor: "everyone" }).flows.browser);
    expect(flow).toContain("auth-otp-form");
    expect(flow).not.toContain("CONDITIONAL");
  });

  it("reads each directory by its own immutable key, and Active Directory's shut accounts", () => {
    const key = (schema: RealmArgs["directory"]["schema"]) =>
      realmSpecification({ ...args, directory: { ...args.directory, schema } }).directory;
    expect(key("activeDirectory").config.uuidLDAPAttribute).toBe("objectGUID");
    expect(key("freeipa").config.uuidLDAPAttribute).toBe("ipaUniqueID");
    expect(key("openldap").config.uuidLDAPAttribute).toBe("entryUUID");
    expect(Object.keys(key("activeDirectory").mappers)).toContain("account");
    expect(Object.keys(key("openldap").mappers)).not.toContain("account");
  });

  it("holds no secret", () => {
    expect(JSON.stringify(realmSpecification(args))).not.toMatch(/bindCredential|"secret":/);
  });

  it("says the same in each language, with the title of the client", () => {
    const { texts } = realmSpecification({
      ...args,
      clients: { chat: { title: "O'Brien {1}", redirectUris: [], groups: ["staff"] } },
    });
    const [keys, ...others] = Object.values(texts).map((each) => Object.keys(each).sort());
    expect(others).toEqual([keys, keys]);
    expect(texts.en?.["roost-not-allowed-chat"]).toContain("O''Brien '{'1'}'");
  });
});
