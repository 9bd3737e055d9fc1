/** The directory as a process, with the configuration that the environment renders: what it refuses, and to whom. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect as connectPlain } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Client } from "ldapts";
import {
  Attribute,
  Change,
  ConstraintViolationError,
  InappropriateAuthError,
  InsufficientAccessError,
  InvalidCredentialsError,
  NoSuchObjectError,
  UnwillingToPerformError,
} from "ldapts";
import { groupDn, personDn } from "./names.ts";
import { personPasswordChange, personPasswordCommand } from "./person-password.ts";
import type { Bind, TestDirectory } from "./testing.ts";
import {
  accountOf,
  group,
  imageProgram,
  makeCertificate,
  passwordOf,
  person,
  personBind,
  startDirectory,
} from "./testing.ts";

const people = {
  ada: { ...person("Ada", "Lovelace", ["staff"]), mail: "ada@example.org", employeeNumber: "10815" },
  grace: person("Grace", "Hopper", ["engineers"]),
  zoe: person("Zoë", "Ångström-李", ["Überflieger, Köln"]),
  shut: { ...person("Shut", "Out"), disabled: true },
  gone: { ...person("Long", "Gone"), expires: "2020-01-31" },
  staying: { ...person("Still", "Here"), expires: "2099-12-31" },
};
const groups = { staff: group("engineers"), engineers: group(), empty: group(), "Überflieger, Köln": group() };

let directory: TestDirectory;
let names: TestDirectory["names"];
beforeAll(async () => {
  directory = await startDirectory({ people, groups });
  names = directory.names;
}, 120_000);
afterAll(() => directory?.stop());

async function as<T>(bind: Bind, action: (client: Client) => Promise<T>): Promise<T> {
  const client = await directory.client(bind);
  try {
    return await action(client);
  } finally {
    await client.unbind();
  }
}

function change(type: string, ...values: string[]): Change {
  return new Change({ operation: "replace", modification: new Attribute({ type, values }) });
}

const signIn = (login: string, password = passwordOf(login)) => as(personBind(login, password), async () => "in");

/** The distinguished names that the account finds below the base, with the attributes that it sees. */
async function seen(bind: Bind, base: string, attributes: string[] = []): Promise<Map<string, string[]>> {
  const { searchEntries } = await as(bind, (client) =>
    client.search(base, { filter: "(objectClass=*)", attributes, paged: true }),
  );
  return new Map(
    searchEntries.map(({ dn, ...rest }) => [dn, Object.keys(rest).filter((key) => rest[key]?.length !== 0)]),
  );
}

describe("the door", () => {
  /** How a connection ends on which nobody speaks TLS. */
  function speakPlainly(): Promise<string> {
    return new Promise((resolve) => {
      const socket = connectPlain(directory.server.port, "localhost");
      // An anonymous bind of LDAP version 3.
      socket.write(Buffer.from("300c020101600702010304008000", "hex"));
      let answer = "";
      socket.on("data", (chunk: Buffer) => {
        answer += chunk.toString("hex");
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(answer));
    });
  }

  it("does not understand plain LDAP", async () => {
    // 61 is the tag of an answer to a bind.
    expect(await speakPlainly()).not.toMatch(/^30..02010161/);
  });

  it("lets nobody in without an account", async () => {
    const client = directory.server.connect();
    await expect(client.search("", { scope: "base" })).rejects.toThrow(UnwillingToPerformError);
    await expect(client.bind("", "")).rejects.toThrow(InappropriateAuthError);
    await client.unbind();
  });

  it("does not take a name without a password for a sign-in", async () => {
    const client = directory.server.connect();
    await expect(client.bind(personDn(names, "ada"), "")).rejects.toThrow();
    await client.unbind();
  });

  it("is known by its certificate: clients with another authority turn away", async () => {
    const folder = mkdtempSync(join(tmpdir(), "roost-other-ca-"));
    makeCertificate(folder);
    const { port } = directory.server;
    const reason = await new Promise((resolve) => {
      const ca = readFileSync(join(folder, "ca.crt"));
      const socket = connectTls({ host: "localhost", port, ca }, () => resolve("trusted"));
      socket.on("error", (error) => resolve("code" in error ? error.code : error.message));
    });
    rmSync(folder, { recursive: true });
    expect(["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "CERT_SIGNATURE_FAILURE", "SELF_SIGNED_CERT_IN_CHAIN"]).toContain(
      reason,
    );
  });

  it.each([
    ["-tls1_1", false],
    ["-tls1_2", true],
    ["-tls1_3", true],
  ])("with openssl s_client %s: %s", (version, accepted) => {
    const address = `localhost:${directory.server.port}`;
    const words = [
      "s_client",
      version,
      "-cipher",
      "DEFAULT@SECLEVEL=0",
      "-CAfile",
      directory.caFile,
      "-connect",
      address,
    ];
    const { status } = spawnSync("openssl", words, { input: "", timeout: 10_000 });
    expect(status === 0).toBe(accepted);
  });
});

describe("rights", () => {
  const hidden = ["userPassword", "pwdHistory"];

  it.each(["keycloak", "directory-sync"] as const)("%s reads people and groups, but no password", async (account) => {
    const found = await seen(accountOf(account), names.peopleDn, ["*", "+", "memberOf"]);
    expect([...found.keys()]).toContain(personDn(names, "ada"));
    expect(found.get(personDn(names, "ada"))).toEqual(expect.arrayContaining(["uid", "cn", "entryUUID", "memberOf"]));
    for (const attributes of found.values()) expect(attributes).not.toEqual(expect.arrayContaining(hidden));
    expect([...found.values()].flat().filter((name) => hidden.includes(name))).toEqual([]);
    const groupsFound = await seen(accountOf(account), names.groupsDn);
    expect(groupsFound.size).toBe(1 + Object.keys(groups).length);
  });

  it.each(["keycloak", "directory-sync"] as const)("%s changes nothing", async (account) => {
    await as(accountOf(account), async (client) => {
      await expect(client.modify(personDn(names, "ada"), change("sn", "X"))).rejects.toThrow(InsufficientAccessError);
      await expect(client.del(personDn(names, "ada"))).rejects.toThrow(InsufficientAccessError);
      await expect(
        client.add(personDn(names, "eve"), { objectClass: "inetOrgPerson", cn: "E", sn: "E" }),
      ).rejects.toThrow();
    });
  });

  it.each(["keycloak", "directory-sync"] as const)(
    "%s sees neither the other programs nor the policies",
    async (account) => {
      for (const base of [names.servicesDn, names.policiesDn])
        await expect(seen(accountOf(account), base)).rejects.toThrow(NoSuchObjectError);
    },
  );

  it("people read themselves, without their password, and nobody else", async () => {
    const self = await seen(personBind("ada"), personDn(names, "ada"), ["*", "+"]);
    expect(self.get(personDn(names, "ada"))).toContain("mail");
    expect(self.get(personDn(names, "ada"))).not.toContain("userPassword");
    await expect(seen(personBind("ada"), personDn(names, "grace"))).rejects.toThrow(NoSuchObjectError);
    await expect(seen(personBind("ada"), names.groupsDn)).rejects.toThrow(NoSuchObjectError);
  });

  it("people change their own password and nothing else of theirs, and nobody else's", async () => {
    const dn = personDn(names, "grace");
    const next = "a new password of grace";
    await as(personBind("grace"), async (client) => {
      await expect(client.modify(dn, change("sn", "X"))).rejects.toThrow(InsufficientAccessError);
      await expect(client.modify(dn, change("memberOf", groupDn(names, "staff")))).rejects.toThrow();
      await expect(client.modify(personDn(names, "ada"), change("userPassword", next))).rejects.toThrow();
      await client.modify(dn, change("userPassword", next));
    });
    await expect(signIn("grace")).rejects.toThrow(InvalidCredentialsError);
    expect(await signIn("grace", next)).toBe("in");
  });

  it("the replicator reads all that a copy needs", async () => {
    const found = await seen(accountOf("replicator"), names.baseDn, ["*"]);
    expect(found.get(personDn(names, "ada"))).toContain("userPassword");
    expect([...found.keys()]).toContain(`cn=people,${names.policiesDn}`);
  });
});

describe("passwords", () => {
  it("are hashed with Argon2, and stand in no log", async () => {
    const { searchEntries } = await directory.asAdministrator((client) =>
      client.search(personDn(names, "ada"), { scope: "base", attributes: ["userPassword"] }),
    );
    expect(String(searchEntries[0]?.userPassword)).toMatch(/^\{ARGON2\}\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(directory.server.log()).not.toContain(passwordOf("ada"));
    expect(directory.server.log()).not.toContain(accountOf("keycloak").bindPassword);
  });

  it("are refused when they are short, hashed already, or were had before", async () => {
    const { bindDn } = personBind("staying");
    await as(personBind("staying"), async (client) => {
      await expect(client.modify(bindDn, change("userPassword", "too short"))).rejects.toThrow(
        ConstraintViolationError,
      );
      await expect(
        client.modify(bindDn, change("userPassword", "{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQQx4Bk")),
      ).rejects.toThrow();
      await expect(client.modify(bindDn, change("userPassword", passwordOf("staying")))).rejects.toThrow(
        ConstraintViolationError,
      );
    });
  });

  it("five wrong ones lock the account, the right one too, and for a time only", async () => {
    expect(await signIn("zoe")).toBe("in");
    for (let tries = 0; tries < 5; tries += 1)
      await expect(signIn("zoe", "wrong")).rejects.toThrow(InvalidCredentialsError);
    await expect(signIn("zoe")).rejects.toThrow(InvalidCredentialsError);
    const { searchEntries } = await as(accountOf("directory-sync"), (client) =>
      client.search(personDn(names, "zoe"), { scope: "base", attributes: ["pwdAccountLockedTime"] }),
    );
    expect(searchEntries[0]?.pwdAccountLockedTime).toMatch(/^20\d{12}Z$/);
    await directory.asAdministrator((client) => client.modify(personDn(names, "zoe"), change("pwdAccountLockedTime")));
    expect(await signIn("zoe")).toBe("in");
  });

  it("wrong ones do not lock a program out", async () => {
    const keycloak = accountOf("keycloak");
    for (let tries = 0; tries < 12; tries += 1)
      await expect(as({ ...keycloak, bindPassword: "wrong" }, async () => "in")).rejects.toThrow(
        InvalidCredentialsError,
      );
    expect(await as(keycloak, async () => "in")).toBe("in");
  });

  it.each(["shut", "gone"])("%s cannot sign in with the right one", async (login) => {
    await expect(signIn(login)).rejects.toThrow(InvalidCredentialsError);
  });

  it("one whose account is shut cannot, with a password that was made after that either", async () => {
    await directory.asAdministrator((client) =>
      client.modify(personDn(names, "shut"), change("userPassword", "a password made too late")),
    );
    await expect(signIn("shut", "a password made too late")).rejects.toThrow(InvalidCredentialsError);
  });

  it("one who leaves later can sign in until then", async () => {
    expect(await signIn("staying")).toBe("in");
  });
});

describe("groups and names", () => {
  const memberOf = async (login: string) => {
    const { searchEntries } = await as(accountOf("keycloak"), (client) =>
      client.search(names.peopleDn, { filter: `(uid=${login})`, attributes: ["memberOf"] }),
    );
    return [searchEntries[0]?.memberOf].flat().map(String).toSorted();
  };

  it("a person is in their groups, and in those that these are in", async () => {
    expect(await memberOf("grace")).toEqual([groupDn(names, "engineers"), groupDn(names, "staff")]);
    expect(await memberOf("ada")).toEqual([groupDn(names, "staff")]);
  });

  it("people are found by the name of a group, nested ones too", async () => {
    const { searchEntries } = await as(accountOf("keycloak"), (client) =>
      client.search(names.peopleDn, { filter: `(memberOf=${groupDn(names, "staff")})`, attributes: ["uid"] }),
    );
    expect(searchEntries.map(({ uid }) => uid).toSorted()).toEqual(["ada", "grace"]);
  });

  it("names are kept in any language, and found in any case", async () => {
    const find = (filter: string) =>
      as(accountOf("keycloak"), (client) =>
        client.search(names.peopleDn, { filter, attributes: ["uid", "sn", "memberOf"] }),
      );
    const { searchEntries } = await find("(sn=ångström-李)");
    expect(searchEntries).toMatchObject([{ uid: "zoe", sn: "Ångström-李" }]);
    expect((await find("(uid=ADA)")).searchEntries).toMatchObject([{ uid: "ada" }]);
    expect(await signIn("ada", passwordOf("ada"))).toBe("in");
  });

  it("an address of mail, a login and an employee's number are of one person only", async () => {
    const add = (more: Record<string, string>) =>
      directory.asAdministrator((client) =>
        client.add(`cn=Second,${names.peopleDn}`, {
          objectClass: "inetOrgPerson",
          sn: "Second",
          uid: "second",
          ...more,
        }),
      );
    await expect(add({ mail: "ADA@example.org" })).rejects.toThrow(ConstraintViolationError);
    await expect(add({ employeeNumber: "10815" })).rejects.toThrow(ConstraintViolationError);
    await expect(add({ uid: "Ada" })).rejects.toThrow(ConstraintViolationError);
  });

  it("its own user is the administrator on its own machine, without a password", async () => {
    const [program, ...words] = await imageProgram("ldapwhoami");
    const { stdout } = spawnSync(program, [...words, "-Q", "-Y", "EXTERNAL", "-H", directory.server.localUrl], {
      encoding: "utf8",
    });
    expect(stdout.trim()).toBe(`dn:${names.administratorDn}`);
  });

  it("gives a person the first password, and another one only when asked", async () => {
    await directory.asAdministrator((client) =>
      client.add(personDn(names, "new"), { objectClass: "inetOrgPerson", cn: "New", sn: "New" }),
    );
    const [program, ...words] = await imageProgram("ldapmodify");
    const give = (password: string, reset: boolean) => {
      const [, ...options] = personPasswordCommand(reset, directory.server.localUrl);
      const input = personPasswordChange(names.peopleDn, "new", password);
      return spawnSync(program, [...words, ...options], { input, encoding: "utf8" });
    };
    expect(give("the first password", false).status).toBe(0);
    expect(await signIn("new", "the first password")).toBe("in");
    expect(give("the second password", false).stderr).toMatch(/assertion failed/i);
    expect(give("the third password", true).status).toBe(0);
    expect(await signIn("new", "the third password")).toBe("in");
  });

  it("another user of the machine is nobody there", async () => {
    const [program, ...words] = await imageProgram("ldapsearch");
    const search = ["-Q", "-Y", "EXTERNAL", "-H", directory.server.localUrl, "-b", names.peopleDn, "uid=ada"];
    const { status } = spawnSync("setpriv", [
      "--reuid=65534",
      "--regid=65534",
      "--clear-groups",
      program,
      ...words,
      ...search,
    ]);
    expect(status).not.toBe(0);
  });
});
