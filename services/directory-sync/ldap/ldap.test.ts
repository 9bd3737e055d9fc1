import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { normalizeDn } from "./dn.ts";
import { guidFilter, guidText, LdapEntry } from "./entry.ts";
import { membershipsOf, refuseAmbiguous } from "./groups.ts";
import { schemas } from "./schemas.ts";
import { fileTime, generalizedTime } from "./times.ts";

const entry = (attributes: Record<string, string | string[] | Buffer>) => new LdapEntry({ dn: "cn=x", ...attributes });

describe("a distinguished name", () => {
  it.each([
    ["UID=Ada, OU=People,DC=Example,DC=org", "uid=ada,ou=people,dc=example,dc=org"],
    ["cn=Lovelace\\, Ada,dc=org", "CN=Lovelace\\2C Ada,DC=org"],
    ["cn=Ang\\C3\\A9lique,dc=org", "cn=ANGÉLIQUE,dc=org"],
    ["cn=Ange\u0301lique,dc=org", "cn=Ang\u00e9lique,dc=org"],
    ["cn=a+ou=b,dc=org", "OU=b+CN=a,dc=org"],
    ["cn=a\\ ,dc=org", "cn=a\\20,dc=org"],
  ])("%s is %s", (one, other) => expect(normalizeDn(one)).toBe(normalizeDn(other)));

  it.each([
    ["cn=a\\,b,dc=org", "cn=a,b=,dc=org"],
    ["cn=a,dc=org", "cn=b,dc=org"],
    ["cn=a\\+b,dc=org", "cn=a+b=,dc=org"],
  ])("%s is not %s", (one, other) => expect(normalizeDn(one)).not.toBe(normalizeDn(other)));

  it("stays the same when it is normalized again, whatever is in it", () => {
    const value = fc
      .string({ minLength: 1, unit: "grapheme" })
      .map((text) => text.replace(/[^\p{L}\p{N}]/gu, (c) => `\\${c}`));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
        const dn = normalizeDn(values.map((each) => `ou=${each}`).join(","));
        expect(normalizeDn(dn)).toBe(dn);
      }),
    );
  });
});

describe("a GUID", () => {
  it("is written with the bytes in Microsoft's order", () => {
    const bytes = Buffer.from("33221100554477668899aabbccddeeff", "hex");
    expect(guidText(bytes)).toBe("00112233-4455-6677-8899-aabbccddeeff");
  });

  it("is found by a filter with its bytes", () => {
    expect(guidFilter("objectGUID", "00112233-4455-6677-8899-aabbccddeeff")).toBe(
      "(objectGUID=\\33\\22\\11\\00\\55\\44\\77\\66\\88\\99\\aa\\bb\\cc\\dd\\ee\\ff)",
    );
  });
});

describe("an entry", () => {
  it("has its attributes however they are written, listed twice and empty once too", () => {
    expect(entry({ displayname: "Ada", displayName: [] }).text("displayName")).toBe("Ada");
  });

  it("gives a part of the members with where the next part begins", () => {
    expect(entry({ member: [], "member;range=0-1": ["a", "b"] }).range("member")).toEqual({
      values: ["a", "b"],
      next: 2,
    });
    expect(entry({ "member;range=2-*": ["c"] }).range("member")).toEqual({ values: ["c"] });
    expect(entry({ member: ["a"] }).range("member")).toEqual({ values: ["a"] });
  });
});

describe("groups in groups", () => {
  const dn = (name: string) => `cn=${name},ou=groups`;
  const of = (name: string, ...members: string[]) => ({ dn: dn(name), name, members, logins: [] });
  const ada = { dn: "uid=ada,ou=people", login: "ada" };

  it("count, in circles too", () => {
    const groups = [of("a", dn("b")), of("b", dn("c")), of("c", dn("a"), "UID=Ada,OU=People"), of("d")];
    expect([...membershipsOf(groups, true).of(ada)].sort()).toEqual(["a", "b", "c"]);
    expect([...membershipsOf(groups, false).of(ada)]).toEqual(["c"]);
  });

  it("have members by login, as groups of Unix do", () => {
    expect([...membershipsOf([{ dn: dn("u"), name: "U", members: [], logins: ["ADA"] }], true).of(ada)]).toEqual(["u"]);
  });

  it("are refused when two have a name that rights are about", () => {
    const twice = [of("it"), { ...of("it"), name: "IT", dn: "cn=it,ou=elsewhere" }];
    expect(() => refuseAmbiguous(twice, ["it"])).toThrow(/2 groups called it: cn=it,ou=groups; cn=it,ou=elsewhere/);
    expect(() => refuseAmbiguous(twice, ["staff"])).not.toThrow();
  });
});

describe("whether an account may be used", () => {
  const now = new Date("2027-01-31T12:00:00Z");
  it.each([
    ["openldap", {}, "active"],
    ["openldap", { pwdAccountLockedTime: "000001010000Z" }, "disabled"],
    // Too many wrong passwords: for a quarter of an hour, and no reason to leave.
    ["openldap", { pwdAccountLockedTime: "20270131115900Z" }, "active"],
    ["openldap", { pwdEndTime: "20270131120000Z" }, "expired"],
    ["openldap", { pwdEndTime: "20270131120001Z" }, "active"],
    ["openldap", { pwdStartTime: "20270201000000Z" }, "notYet"],
    ["openldap", { shadowExpire: "-1" }, "active"],
    ["openldap", { shadowExpire: "20000" }, "expired"],
    ["activeDirectory", { userAccountControl: "512", accountExpires: "0" }, "active"],
    ["activeDirectory", { userAccountControl: "514" }, "disabled"],
    ["activeDirectory", { userAccountControl: "512", accountExpires: "9223372036854775807" }, "active"],
    ["activeDirectory", { userAccountControl: "512", accountExpires: "132537600000000000" }, "expired"],
    ["freeipa", { nsAccountLock: "TRUE" }, "disabled"],
    ["freeipa", { nsAccountLock: "false" }, "active"],
    ["freeipa", { krbPrincipalExpiration: "20260101000000Z" }, "expired"],
  ] as const)("%s, %j: %s", (schema, attributes, state) => {
    expect(schemas[schema].stateOf(entry(attributes), now)).toBe(state);
  });

  it("is not guessed from a time that is none", () => {
    expect(() => generalizedTime("tomorrow")).toThrow(/"tomorrow" is no time of a directory/);
    expect(() => fileTime("soon")).toThrow(/"soon" is no time of Active Directory/);
  });

  it.each([
    ["20270131120000Z", "2027-01-31T12:00:00.000Z"],
    ["202701311200Z", "2027-01-31T12:00:00.000Z"],
    ["2027013112Z", "2027-01-31T12:00:00.000Z"],
    ["20270131120000.123Z", "2027-01-31T12:00:00.000Z"],
    ["20270131130000+0100", "2027-01-31T12:00:00.000Z"],
  ])("%s is %s", (text, iso) => expect(generalizedTime(text)?.toISOString()).toBe(iso));

  it("reads Windows' time", () =>
    expect(fileTime("132537600000000000")?.toISOString()).toBe("2020-12-30T00:00:00.000Z"));
});
