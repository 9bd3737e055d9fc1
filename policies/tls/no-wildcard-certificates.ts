import { each, subjectRule } from "../pack/rule.ts";
import { isTls } from "./resources.ts";

export const noWildcardCertificates = subjectRule(
  (resource) => (isTls(resource, "CertRequest") || isTls(resource, "SelfSignedCert") ? resource.props : undefined),
  {
    id: "tls-no-wildcard-certificates",
    title: "Certificates name the hosts that they are for",
    why: "Whoever gets the key of one certificate for `*.example.org` can pose as every host below it. With a certificate for each, a key that is lost is the loss of one.",
    fix: "Name each host in `dnsNames`, and issue a certificate to each server.",
    severity: "medium",
    controls: { iso: ["A.5.16", "A.8.24"] },
    check({ dnsNames = [] }, report) {
      each(dnsNames, (name) => {
        if (name.includes("*")) report(`the certificate is for every host of ${name}`);
      });
    },
  },
);
