import { debianFiles, packageVersion } from "../debian.ts";
import type { Recipe } from "../recipe.ts";

export const openldap: Recipe = {
  async fill(root) {
    await debianFiles(root, {
      packages: ["slapd", "ldap-utils", "dash", "coreutils"],
      // What only the databases in SQL and Perl need, which are removed below.
      without: ["libodbc2", "libperl5.40", "perl-modules-5.40", "libgdbm6t64", "libgdbm-compat4t64", "psmisc", "mawk"],
      programs: [
        // One program: it looks at the name that it is run by.
        ...["slapd", "slapacl", "slapadd", "slapcat", "slapindex", "slapmodify", "slappasswd", "slaptest"],
        ...["ldapadd", "ldapdelete", "ldapmodify", "ldapmodrdn", "ldappasswd", "ldapsearch", "ldapwhoami"],
        // The start and the probes are short shell scripts.
        ...["sh", "dash", "cat", "sleep"],
      ],
      settings: ["ldap"],
      unused: [
        ...backends("asyncmeta", "dnssrv", "ldap", "meta", "passwd", "perl", "relay", "sock", "sql"),
        // Would be read where a client says nothing else.
        "etc/ldap/ldap.conf",
      ],
    });
    return packageVersion(root, "slapd");
  },
};

/** Files of databases that slapd could load: other directories, programs, SQL. */
function backends(...names: string[]): string[] {
  return names.flatMap((name) =>
    [".la", ".so", ".so.2", ".so.2.0.200"].map((ending) => `usr/lib/ldap/back_${name}${ending}`),
  );
}
