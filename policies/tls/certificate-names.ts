import type { Resource } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";
import { certificateOf, isTls } from "./resources.ts";

/** @source https://www.rfc-editor.org/rfc/rfc9525 (the subject's common name identifies no server) */
export const certificateNames = stackRule({
  id: "tls-certificate-names",
  title: "A server's certificate has the names that it is reached by",
  why: "Clients compare the host that they asked for with a certificate's alternative names, and nothing else. Where there is none, somebody will have them leave out the check.",
  fix: "Name the server's hosts in `dnsNames` of its certificate request.",
  severity: "medium",
  controls: { iso: ["A.8.24"] },
  appliesTo: (stack) => stack.some(isServerCertificate),
  check(stack, report) {
    each(stack.filter(isServerCertificate), (certificate) => {
      const names = namesOf(certificate, stack);
      if (names?.length === 0) report("the server's certificate has no names", certificate);
    });
  },
});

function isServerCertificate(resource: Resource): boolean {
  return certificateOf(resource)?.props.allowedUses?.includes("server_auth") ?? false;
}

/** The names of a certificate; nothing where its request comes from elsewhere. */
function namesOf(certificate: Resource, stack: readonly Resource[]): readonly string[] | undefined {
  const named = isTls(certificate, "SelfSignedCert") ? certificate : requestOf(certificate, stack);
  if (named === undefined) return undefined;
  const { dnsNames = [], ipAddresses = [] } = named.props;
  return [...dnsNames, ...ipAddresses];
}

function requestOf(certificate: Resource, stack: readonly Resource[]) {
  if (!isTls(certificate, "LocallySignedCert")) return undefined;
  const { certRequestPem } = certificate.props;
  return stack
    .filter((resource) => isTls(resource, "CertRequest"))
    .find(({ props }) => props.certRequestPem === certRequestPem);
}
