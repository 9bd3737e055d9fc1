import { z } from "zod";
import { grantsOf, mayRead, said } from "../pack/configuration/slapd.ts";
import { withSettings } from "../pack/rule.ts";
import { slapdRule } from "./slapd-rule.ts";

export const passwordsHashed = withSettings(
  z.strictObject({
    hashes: z
      .array(z.string())
      .default(["{ARGON2}", "{PBKDF2-SHA512}", "{PBKDF2-SHA256}"])
      .describe("Hashes that are slow enough to guess at."),
    readers: z
      .array(z.string())
      .default(["replicator"])
      .describe("Parts of the names of accounts that may read hashes: those that copy the directory."),
  }),
  ({ hashes, readers }) =>
    slapdRule({
      id: "directory-passwords-hashed",
      title: "The directory keeps passwords as slow hashes, and shows them to nobody",
      why: "Whoever gets at a copy or a backup of the directory can try passwords as fast as the hash allows: with SSHA, OpenLDAP's default, thousands of millions a second. Programs sign people in by asking, and need no hash.",
      fix: "Set `password-hash {ARGON2}` and, in the overlay ppolicy, `ppolicy_hash_cleartext`; have a rule for `attrs=userPassword` before all others that lets only the account of replication read.",
      severity: "high",
      controls: { iso: ["A.5.17", "A.8.24"], gbt: ["8.1.4.1 a)", "8.1.4.8 b)"] },
      check(directives, report) {
        const used = said(directives, "password-hash").flat();
        if (used.length === 0) report("keeps passwords by OpenLDAP's default hash, {SSHA}");
        for (const hash of used) if (!hashes.includes(hash.toUpperCase())) report(`keeps passwords as ${hash}`);
        if (said(directives, "ppolicy_hash_cleartext").length === 0)
          report("keeps in clear what arrives in clear: ppolicy_hash_cleartext is missing");
        const grants = grantsOf(directives).filter(({ what }) => /^attrs=(.*,)?userPassword\b/i.test(what));
        if (grants.length === 0) report("has no rule for access to userPassword");
        for (const { who, level } of grants)
          if (mayRead(level) && !readers.some((reader) => who.includes(reader)))
            report(`shows hashes of passwords to ${who}`);
      },
    }),
);
