import { debianFiles, packageVersion } from "../debian.ts";
import type { Recipe } from "../recipe.ts";

export const postgres: Recipe = {
  async fill(root) {
    await debianFiles(root, {
      packages: ["postgresql-17", "postgresql-17-pgaudit", "dash", "coreutils", "tzdata", "libc-bin"],
      without: [
        // Just-in-time compilation: 130 MB, and PostgreSQL goes without when the library is missing.
        "libllvm19",
        "libz3-4",
        // Debian's way to keep several clusters on a machine, in Perl.
        "postgresql-common",
        "postgresql-common-dev",
        "postgresql-client-common",
        "perl",
        "perl-modules-5.40",
        "libperl5.40",
        "libio-pty-perl",
        "libipc-run-perl",
        "libjson-perl",
        "libtext-charwidth-perl",
        "libtext-wrapi18n-perl",
        "libgdbm6t64",
        "libgdbm-compat4t64",
        "libproc2-0",
        "libncursesw6",
        "procps",
        "ssl-cert",
        "locales",
        "libc-l10n",
        "netbase",
      ],
      // archive_command and initdb run a shell; initdb asks `locale` for the locales that there are.
      programs: ["sh", "dash", "cat", "ls", "sleep", "locale"],
      settings: [],
      unused: [
        "usr/lib/postgresql/17/lib/bitcode",
        "usr/lib/postgresql/17/lib/llvmjit.so",
        "usr/share/postgresql/17/man",
      ],
    });
    return packageVersion(root, "postgresql-17");
  },
};
