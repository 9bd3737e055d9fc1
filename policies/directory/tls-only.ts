import { said } from "../pack/configuration/slapd.ts";
import { slapdRule } from "./slapd-rule.ts";

/** TLS 1.2, as slapd writes it: the version on the wire. */
const tls12 = 3.3;
const strength = 128;

export const tlsOnly = slapdRule({
  id: "directory-tls-only",
  title: "The directory answers over TLS 1.2 or later only",
  why: "A sign-in at a directory sends the password itself. Without TLS whoever sees the network has the passwords of everybody, which open everything else too.",
  fix: "Give the directory a certificate (`TLSCertificateFile`, `TLSCertificateKeyFile`), and set `TLSProtocolMin 3.3` and `security ssf=128`.",
  severity: "critical",
  controls: { iso: ["A.8.5", "A.8.24"], gbt: ["8.1.4.1 c)", "8.1.4.8 a)"] },
  check(directives, report) {
    for (const file of ["TLSCertificateFile", "TLSCertificateKeyFile"])
      if (said(directives, file).length === 0) report(`has no ${file}`);
    const [[least = ""] = []] = said(directives, "TLSProtocolMin");
    if (!(Number(least) >= tls12)) report("takes TLS older than 1.2");
    const factors = said(directives, "security").flat();
    const ssf = factors.map((factor) => Number(/^ssf=(\d+)$/.exec(factor)?.[1] ?? 0));
    if (Math.max(0, ...ssf) < strength) report(`asks for no encryption: security ssf=${strength} is missing`);
  },
});
