import type * as pulumi from "@pulumi/pulumi";
import { createConfigMap, Endpoint, hashOf, Workload } from "../../network/index.ts";
import { archiveNoticePage } from "./archive-notice.ts";
import type { Addresses, MatrixArgs } from "./args.ts";
import { objects, webWorkload } from "./spec.ts";
import { clientConfiguration, webPort, webServerConfiguration } from "./web.ts";

/** Runs the web client. */
export function runWebClient(args: MatrixArgs, addresses: Addresses, opts: pulumi.CustomResourceOptions): Endpoint {
  const { zone, authority, sizing, domain } = args;
  const { archive } = args.settings;
  const { namespace } = zone;
  const peer = zone.peer("web");
  const endpoint = new Endpoint("web", { server: peer, port: webPort, authority }, opts);
  const certificate = authority.issue(objects.webCertificate, { namespace, dnsNames: [endpoint.host] }, opts);
  const files = {
    "nginx.conf": webServerConfiguration({ ...addresses, archive }),
    "config.json": JSON.stringify(clientConfiguration({ ...addresses, domain, archive }), undefined, 2),
    ...(archive && { "archive.html": archiveNoticePage(archive, domain) }),
  };
  const dependsOn = [createConfigMap(objects.webConfiguration, namespace, files, opts), endpoint];
  const spec = webWorkload({ peer, image: args.images.web, sizing: sizing.web, spread: sizing.spread ?? "preferred" });
  new Workload("web", { spec, configHash: hashOf(files, certificate.hash) }, { ...opts, dependsOn });
  return endpoint;
}
