import { subjectRule } from "../pack/rule.ts";
import { isTls } from "./resources.ts";

export const noSelfSigned = subjectRule(
  (resource) => (isTls(resource, "SelfSignedCert") ? resource.props : undefined),
  {
    id: "tls-no-self-signed",
    title: "Servers and clients have certificates of an authority",
    why: "A certificate that vouches for itself can be trusted only by leaving out the check, or by handing it to every client anew at each renewal. People learn to click past the warning, and programs get `verify none`.",
    fix: "Make a `LocallySignedCert` with the environment's authority; only the authority itself signs its own (`isCaCertificate`).",
    severity: "medium",
    controls: { iso: ["A.8.21", "A.8.24"] },
    check({ isCaCertificate = false }, report) {
      if (!isCaCertificate) report("the certificate is signed by nobody else");
    },
  },
);
