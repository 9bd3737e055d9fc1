/** What an operator is told when the organisation's directory cannot be read, by a real one. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  accountOf,
  makeCertificate,
  person,
  startDirectory,
  type TestDirectory,
} from "../../components/identity/directory/testing.ts";
import type { Check } from "./check.ts";
import { problemOf } from "./check.ts";

let directory: TestDirectory;
const { bindDn, bindPassword } = accountOf("keycloak");
beforeAll(async () => {
  directory = await startDirectory({ people: { ada: person("Ada", "Lovelace") } });
}, 120_000);
afterAll(() => directory?.stop());

interface Trial extends Partial<Check> {
  readonly url?: string;
  readonly password?: string;
  readonly caFile?: string;
}

function ask({ url = directory.url, password = bindPassword, caFile = directory.caFile, ...changes }: Trial = {}) {
  const { peopleDn, groupsDn } = directory.names;
  const check = { urls: [url], bindDn, peopleDn, groupsDn, peopleFilter: "(objectClass=inetOrgPerson)", ...changes };
  return problemOf(url, check, password, readFileSync(caFile));
}

describe("a directory", () => {
  it("that can be read has no problem", async () => {
    expect(await ask()).toBeUndefined();
  });

  it("whose name does not resolve", async () => {
    expect(await ask({ url: "ldaps://directory.invalid" })).toMatch(/name directory.invalid does not resolve .*urls/);
  });

  it("that refuses connections", async () => {
    expect(await ask({ url: "ldaps://localhost:1" })).toMatch(/localhost:1 refuses connections/);
  });

  it("that speaks no TLS", async () => {
    const server = createServer((socket) => socket.on("error", () => undefined).end("220 hello\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    expect(await ask({ url: `ldaps://localhost:${port}` })).toMatch(/no TLS 1.2 or later could be agreed on/);
    server.close();
  });

  it("whose authority is not trusted", async () => {
    const folder = mkdtempSync(join(tmpdir(), "roost-other-ca-"));
    makeCertificate(folder);
    expect(await ask({ caFile: join(folder, "ca.crt") })).toMatch(/certificate is not trusted .*caPem/);
    rmSync(folder, { recursive: true });
  });

  it("whose certificate is for another name", async () => {
    const url = directory.url.replace("localhost", "127.0.0.1");
    expect(await ask({ url })).toMatch(/certificate is for other names/);
  });

  it("that refuses the bind", async () => {
    const problem = await ask({ password: "not the password" });
    expect(problem).toMatch(/bind as cn=keycloak,.* is refused: name or password are wrong/);
    expect(problem).not.toContain("not the password");
  });

  it.each(["peopleDn", "groupsDn"])("that has no such %s", async (setting) => {
    const problem = await ask({ [setting]: `ou=nowhere,${directory.names.baseDn}` });
    expect(problem).toMatch(new RegExp(`there is no entry ou=nowhere,.*${setting}\\.`));
  });

  it("in which nobody is a person, by the schema of another kind", async () => {
    expect(await ask({ peopleFilter: "(&(objectClass=user)(objectCategory=person))" })).toMatch(
      /nobody below ou=people,/,
    );
  });
});
