/** The environment's own directory meets the rules: what they read is what it renders. */
import { describe, expect, it } from "@jest/globals";
import { directoryNames } from "../../components/identity/directory/names.ts";
import { secretConfiguration, slapdConfiguration } from "../../components/identity/directory/slapd.ts";
import { paths } from "../../components/identity/directory/spec.ts";
import { object } from "../pack/testing.ts";
import { directory } from "./index.ts";

const names = directoryNames("example.org");
const configuration = slapdConfiguration({
  ...{ names, server: 0, servers: 2, maxSizeMiB: 512, threads: 4 },
  paths: { ...paths, secretFile: "/secrets/secret-0.conf" },
  local: { userId: 389, groupId: 389 },
});
const secret = secretConfiguration({
  ...{ names, administratorPassword: "x", replicatorPassword: "y", certificate: "/tls" },
  others: ["ldaps://openldap-1.openldap.chat.svc:6636"],
});

describe("the environment's own directory", () => {
  it("meets every rule, with its secret part in it", () => {
    const text = configuration.replace("include /secrets/secret-0.conf", secret);
    expect(text).toContain("syncrepl");
    const files = object("ConfigMap", { metadata: { name: "openldap" }, data: { "slapd-0.conf": text } });
    const broken: string[] = [];
    for (const rule of directory) {
      if (rule.about !== "resource") throw new Error(`${rule.id} is about the stack`);
      expect(rule.appliesTo(files)).toBe(true);
      rule.check(files, (message) => broken.push(`${rule.id}: ${message}`));
    }
    expect(broken).toEqual([]);
  });
});
