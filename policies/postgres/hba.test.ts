import { expect, it } from "@jest/globals";
import { hbaLines, rejectsPlain } from "./hba.ts";

it.each([
  ["hostssl synapse synapse all scram-sha-256", "all", "scram-sha-256"],
  ["host all all 10.0.0.0 255.0.0.0 md5 # old", "10.0.0.0", "md5"],
  ["host all all fe80:: ffff:: reject", "fe80::", "reject"],
  ['host "a b" all .example.org ldap ldapserver=x', ".example.org", "ldap"],
  ["local all all peer map=local", "", "peer"],
])("%s is read as PostgreSQL does", (line, address, method) => {
  expect(hbaLines([line])).toEqual([expect.objectContaining({ address, method })]);
});

it("says nothing about comments and empty lines", () => expect(hbaLines(["", "# host all all all trust"])).toEqual([]));

it.each([
  ["hostnossl all all all reject", true],
  ["host all all all reject", true],
  ["hostssl all all all reject", false],
  ["hostnogssenc all all all reject", false],
  ["hostnossl all all 0.0.0.0/0 reject", false],
  ["hostnossl synapse all all reject", false],
  ["hostnossl all all all scram-sha-256", false],
])("%s refuses everybody without TLS: %s", (text, expected) => {
  expect(hbaLines([text]).map(rejectsPlain)).toEqual([expected]);
});
