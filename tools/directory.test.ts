import { describe, expect, it } from "@jest/globals";
import { directoryIn, loginOf, passwordArguments, passwordChange, passwordProblem } from "./directory.ts";

const seed = {
  type: "kubernetes:core/v1:ConfigMap",
  inputs: {
    metadata: { name: "directory-seed" },
    data: { "wanted.json": JSON.stringify({ names: { peopleDn: "ou=people,dc=example,dc=org" } }) },
  },
};
const synapse = {
  type: "kubernetes:apps/v1:StatefulSet",
  inputs: { metadata: { name: "synapse", namespace: "chat" } },
};
const exported = (...resources: object[]) => ({ deployment: { resources } });
const place = { namespace: "chat", peopleDn: "ou=people,dc=example,dc=org" };

describe("the directory of a stack", () => {
  it("is where the homeserver is", () => {
    expect(directoryIn("dev", exported(seed, synapse))).toEqual(place);
  });

  it("is not known of a stack without one, and it says what to do", () => {
    expect(() => directoryIn("dev", exported(synapse))).toThrow("make user");
  });
});

describe("a password", () => {
  it("is no argument, and is set in the server's container", () => {
    expect(passwordArguments(place, true).join(" ")).toMatch(/^exec --stdin .*statefulset\/openldap .* -- ldapmodify /);
    const change = passwordChange(place, "ada", "a password");
    expect(change).toContain("dn: uid=ada,ou=people,dc=example,dc=org\nchangetype: modify\nreplace: userPassword\n");
    expect(change).toContain(Buffer.from("a password").toString("base64"));
  });

  it("replaces none without being asked", () => {
    expect(passwordArguments(place, false)).toContain("!assert=(!(userPassword=*))");
    expect(passwordArguments(place, true).join(" ")).not.toContain("assert");
  });

  it.each(["Ada", "-x", "a b", "ada,ou=services"])("is not made for %j", (name) => {
    expect(() => loginOf(name)).toThrow("lower-case letters");
  });

  it("that is there already, and a person who is not, are told apart", () => {
    expect(passwordProblem("ldap_modify: No such object (32)")).toMatch(/nobody of that name/);
    expect(passwordProblem("ldap_modify: Assertion Failed (122)")).toMatch(/RESET=1/);
    expect(passwordProblem("error: unable to upgrade connection\n")).toBe("error: unable to upgrade connection");
  });
});
