import { each } from "../pack/rule.ts";
import { clusterRule } from "./clusters.ts";
import { hbaLines, isAboutPlain, rejectsPlain } from "./hba.ts";

/** Methods that let somebody in without proof, or with one that can be read or guessed. */
const weak: Readonly<Record<string, string>> = {
  trust: "lets in whoever comes",
  password: "has passwords sent as they are",
  md5: "takes a hash that can be guessed quickly, and used in place of the password",
  ident: "believes what the client's machine says",
};

/** The operator's own last line is `host all all all scram-sha-256`, which is met without TLS too. */
export const tlsOnly = clusterRule({
  id: "postgres-tls-only",
  title: "PostgreSQL refuses connections without TLS, and weak ways to sign in",
  why: "CloudNativePG lets clients in without TLS unless a line of `pg_hba` rejects them, so that one wrong setting at a client sends everything in plain text. A line with `trust` or `md5` makes passwords worth little.",
  fix: "Begin `pg_hba` with `hostssl` lines that name databases, roles and `scram-sha-256`, and add `hostnossl all all all reject`.",
  severity: "critical",
  controls: {
    nsa: ["network/encryption"],
    iso: ["A.8.5", "A.8.21", "A.8.24"],
    gbt: ["8.1.2.2 b)", "8.1.4.8 a)"],
  },
  check({ postgresql: { pg_hba = [] } = {} }, report) {
    const lines = hbaLines(pg_hba);
    const last = lines.findIndex(rejectsPlain);
    each([...lines.keys()], (index) => {
      const line = lines[index];
      if (line === undefined || line.method === "reject") return;
      if (line.type.startsWith("include")) report(`pg_hba has "${line.text}", whose lines cannot be seen here`);
      const how = weak[line.method];
      if (how !== undefined) report(`pg_hba has "${line.text}", which ${how}`);
      const isReached = last < 0 || index < last;
      if (isAboutPlain(line) && isReached) report(`pg_hba has "${line.text}", which holds without TLS too`);
    });
    if (last < 0) report("pg_hba rejects no connections without TLS");
  },
});
