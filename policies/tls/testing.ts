import { stringify } from "yaml";
import type { KubernetesResource, Resource } from "../pack/resource.ts";
import { object, resource } from "../pack/testing.ts";

const metadata = { name: "configuration", namespace: "chat" };

/** A ConfigMap with that file. */
export function file(name: string, text: string): KubernetesResource<"ConfigMap"> {
  return object("ConfigMap", { metadata, data: { [name]: text } });
}

/** HAProxy's configuration with these lines, whatever they are indented by. */
export function haproxy(...lines: readonly string[]): KubernetesResource<"ConfigMap"> {
  return file("haproxy.cfg", lines.join("\n"));
}

/** nginx's configuration with one server for web pages. */
export function nginx(server: string, around = ""): KubernetesResource<"ConfigMap"> {
  return file("nginx.conf", `events {} http { ${around} server { ${server} } }`);
}

/** Synapse's configuration with these listeners. */
export function synapse(...listeners: readonly object[]): KubernetesResource<"ConfigMap"> {
  return file("homeserver.yaml", stringify({ server_name: "example.org", report_stats: false, listeners }));
}

/** What is no configuration of a server. */
export const others = {
  "other objects": object("Service", { metadata }),
  "other files": file("notes.txt", "bind :80"),
  "other programs' files": file("fluent-bit.conf", "[SERVICE]\n  Flush 1\n"),
};

/** A server's certificate that an authority has signed. */
export function certificate(props: object = {}): Resource {
  const usual = {
    allowedUses: ["digital_signature", "server_auth"],
    validityPeriodHours: 2160,
    earlyRenewalHours: 720,
  };
  return resource("tls:index/locallySignedCert:LocallySignedCert", "web", { ...usual, ...props });
}

/** The certificate of an authority, signed by itself. */
export function authority(props: object = {}): Resource {
  const usual = { isCaCertificate: true, allowedUses: ["cert_signing", "crl_signing"] };
  const times = { validityPeriodHours: 87600, earlyRenewalHours: 8760 };
  return resource("tls:index/selfSignedCert:SelfSignedCert", "ca", { ...usual, ...times, ...props });
}

/** What a certificate is asked for with. */
export function request(props: object = {}): Resource {
  return resource("tls:index/certRequest:CertRequest", "web", props);
}
