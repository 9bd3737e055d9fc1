import { each, subjectRule } from "../pack/rule.ts";
import { certificateOf } from "./resources.ts";

/** What an authority's key is for. */
const signing: ReadonlySet<string> = new Set(["cert_signing", "crl_signing"]);

/** @source https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3 */
export const caUsage = subjectRule((resource) => certificateOf(resource)?.props, {
  id: "tls-ca-usage",
  title: "Authorities only sign, and only authorities do",
  why: "Whoever has the key of a server that may sign can pose as everybody else. A key of an authority that also serves lies on machines that face the network.",
  fix: "Give an authority `isCaCertificate` and the uses `cert_signing` and `crl_signing` alone, and a leaf neither of these but `server_auth` or `client_auth`.",
  severity: "high",
  controls: { iso: ["A.8.24"] },
  check({ isCaCertificate = false, allowedUses = [] }, report) {
    if (isCaCertificate && !allowedUses.includes("cert_signing")) report("the authority's certificate may not sign");
    if (!isCaCertificate && !allowedUses.some((use) => use.endsWith("_auth"))) {
      report("the certificate does not say whether it is a server's or a client's");
    }
    each(allowedUses, (use) => {
      if (isCaCertificate && !signing.has(use)) report(`the authority's certificate may be used for ${use}`);
      // The last stands for all others.
      if (!isCaCertificate && (signing.has(use) || use === "any_extended"))
        report(`the certificate may be used for ${use}`);
    });
  },
});
