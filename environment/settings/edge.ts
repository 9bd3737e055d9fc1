import { z } from "zod";
import { addressRanges } from "./names.ts";
import { oneOf, text, wholeNumber } from "./setting.ts";

const exposure = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("loadBalancer").meta({ description: "A Service of type LoadBalancer, on port 443." }),
        class: text(/^[a-z0-9]([a-z0-9./-]*[a-z0-9])?$/, {
          description: "Which of the cluster's load balancers to use.",
          allowed: "the name of a load balancer class",
          example: "metallb.io/metallb",
          defaultText: "the cluster's default",
        }).optional(),
        annotations: z
          .record(z.string().regex(/^[A-Za-z0-9./_-]{1,317}$/), z.string().max(4096))
          .meta({
            description: "Annotations that the load balancer asks for, such as an address pool.",
            allowed: "an object of annotations and their values",
            example: { "metallb.io/address-pool": "office" },
          })
          .default({}),
      })
      .meta({ description: "By a load balancer that the cluster provides." }),
    z
      .strictObject({
        kind: z.literal("nodePort").meta({ description: "A Service of type NodePort: a port on every node." }),
        port: wholeNumber({
          min: 1,
          max: 65535,
          description: "The port on every node.",
          example: 30443,
          defaultText: "443 on the embedded cluster, else 30443",
        }).optional(),
      })
      .meta({ description: "By a port on every node." }),
    z
      .strictObject({
        kind: z.literal("hostPort").meta({ description: "A port of the nodes that the edge's pods run on." }),
        port: wholeNumber({ min: 1, max: 65535, description: "The port on these nodes.", example: 443 }).default(443),
      })
      .meta({ description: "By a port of the nodes that the edge runs on." }),
  ])
  .meta({ description: "How users reach the edge.", example: { kind: "loadBalancer" } });

const pem = (label: string) => new RegExp(`-----BEGIN ${label}-----[A-Za-z0-9+/=\\s]+-----END `);

const certificate = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z
          .literal("private")
          .meta({ description: "Issued by the stack's own authority, whose CA is a stack output." }),
      })
      .meta({ description: "A certificate of the private authority." }),
    z
      .strictObject({
        kind: z.literal("provided").meta({ description: "The operator's own." }),
        certificatePem: text(pem("CERTIFICATE"), {
          description: "The certificate, then the intermediate ones, in PEM.",
          allowed: "one or more certificates in PEM, the server's first",
          example: "-----BEGIN CERTIFICATE-----…",
          maxLength: 65536,
        }),
        keyPem: text(pem("(?:(?:RSA|EC) )?PRIVATE KEY"), {
          description:
            "The certificate's private key, in PEM, not encrypted. Set it with `pulumi config set --secret --path roost:edge.certificate.keyPem`.",
          allowed: "an unencrypted private key in PEM: RSA of 2048 bits or more, or EC P-256, P-384 or P-521",
          example: "-----BEGIN PRIVATE KEY-----…",
          maxLength: 16384,
          secret: true,
        }),
      })
      .meta({ description: "A certificate of the operator, for all host names of the environment." }),
  ])
  .meta({ description: "The certificate that users see.", example: { kind: "private" } });

export const edgeSettings = z
  .strictObject({
    exposure: exposure
      .meta({ defaultText: '`{"kind":"nodePort"}` on the embedded cluster, else `{"kind":"loadBalancer"}`' })
      .optional(),
    clientCidrs: addressRanges(1, {
      description: "Addresses that may reach the edge, such as the office's and the VPN's.",
      example: ["10.0.0.0/8"],
    }).default(["0.0.0.0/0", "::/0"]),
    certificate: certificate.prefault({ kind: "private" }),
    tlsMinimum: oneOf(["1.2", "1.3"], {
      description: "Oldest TLS version that is accepted.",
      example: "1.3",
      source: "https://wiki.mozilla.org/Security/Server_Side_TLS",
    }).default("1.2"),
    signInsPerMinute: wholeNumber({
      min: 1,
      max: 100_000,
      unit: "per minute",
      description:
        "Sign-in requests that one client address may make; more are answered with 429. Many people behind one address share it.",
      example: 600,
    }).default(120),
  })
  .meta({ description: "What faces the users.", example: { certificate: { kind: "private" } } });

export type EdgeSettings = z.output<typeof edgeSettings>;
/** How users reach the edge. */
export type Exposure = NonNullable<EdgeSettings["exposure"]>;
/** The certificate that users see. `keyPem` is a secret. */
export type EdgeCertificate = EdgeSettings["certificate"];
