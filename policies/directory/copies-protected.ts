import { copiesOf, said } from "../pack/configuration/slapd.ts";
import { subjectRule } from "../pack/rule.ts";

/** What the account that passes every rule for access is called, where its name stands in another file. */
const administrator = /^(cn|uid)=(admin|administrator|directory manager|manager|root)\b/i;

export const copiesProtected = subjectRule(copiesOf, {
  id: "directory-copies-protected",
  title: "Servers of the directory copy over verified TLS, with an account that only copies",
  why: "A copy has everybody's hashes: in clear, or from whoever answers, they are lost or forged. And the administrator's account passes every rule for access; used by a program, it can be stolen from it.",
  fix: "Give `syncrepl` a provider at `ldaps://`, `tls_reqcert=demand` and a `binddn` of its own that may only read.",
  severity: "critical",
  controls: { iso: ["A.5.16", "A.8.2", "A.8.24"], gbt: ["8.1.4.2 c)", "8.1.4.7 a)", "8.1.4.8 a)"] },
  check(files, report) {
    for (const { name, directives } of files) {
      const administrators = new Set(said(directives, "rootdn").flat());
      for (const words of said(directives, "syncrepl")) {
        const value = (key: string) =>
          words
            .find((word) => word.startsWith(`${key}=`))
            ?.slice(key.length + 1)
            .replaceAll('"', "") ?? "";
        if (!value("provider").startsWith("ldaps://")) report(`${name} copies from another server without TLS`);
        if (!["demand", "hard"].includes(value("tls_reqcert")))
          report(`${name} copies from a server that it does not verify`);
        const bind = value("binddn");
        if (administrators.has(bind) || administrator.test(bind))
          report(`${name} copies as the administrator, ${bind}`);
      }
    }
  },
});
