import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { LEAF_DAYS } from "../network/index.ts";
import { createAuthority, KEY } from "./authority.ts";
import type { KeyPair, MetricsIdentity } from "./first-boot/index.ts";
import { addressesFor, type Server } from "./model.ts";

const HOURS_PER_DAY = 24;

/**
 * By which machines and those who ask for their metrics know each other: an authority for this alone, so that no other
 * certificate of the environment is let in. An update of the stack renews what it has issued; `make servers-configure` brings it
 * to machines that run.
 */
export class MetricsAuthority {
  /** What Prometheus has, and whoever else may ask. A secret. */
  readonly client: pulumi.Output<MetricsIdentity>;
  private readonly name: string;
  private readonly authority: pulumi.Output<KeyPair>;
  private readonly parent: pulumi.Resource;

  constructor(name: string, { parent, protect }: { readonly parent: pulumi.Resource; readonly protect: boolean }) {
    this.name = name;
    this.parent = parent;
    this.authority = createAuthority(`${name}-authority`, "roost-metrics", { parent, protect });
    this.client = this.issue("client", "client", { subject: { commonName: "prometheus" } });
  }

  /** What node exporter has on the machine: nothing but its own addresses is served with it. A secret. */
  issueFor(server: Server): pulumi.Output<MetricsIdentity> {
    const addresses = [...addressesFor(server, "cluster"), ...addressesFor(server, "management")];
    return this.issue(`server-${server.name}`, "server", {
      subject: { commonName: server.name },
      dnsNames: [server.name, `${server.name}.${server.domain}`],
      ipAddresses: [...new Set(addresses)],
    });
  }

  private issue(
    subject: string,
    use: "client" | "server",
    request: Omit<tls.CertRequestArgs, "privateKeyPem">,
  ): pulumi.Output<MetricsIdentity> {
    const { authority, parent } = this;
    const name = `${this.name}-${subject}`;
    const { privateKeyPem: privateKey } = new tls.PrivateKey(`${name}-key`, KEY, { parent });
    const { certRequestPem } = new tls.CertRequest(name, { ...request, privateKeyPem: privateKey }, { parent });
    const { certPem: certificate } = new tls.LocallySignedCert(
      name,
      {
        certRequestPem,
        caPrivateKeyPem: authority.privateKey,
        caCertPem: authority.certificate,
        setSubjectKeyId: true,
        allowedUses: ["digital_signature", `${use}_auth`],
        validityPeriodHours: LEAF_DAYS.valid * HOURS_PER_DAY,
        earlyRenewalHours: LEAF_DAYS.renewed * HOURS_PER_DAY,
      },
      { parent },
    );
    return pulumi.secret(pulumi.output({ authority: authority.certificate, certificate, privateKey }));
  }
}
