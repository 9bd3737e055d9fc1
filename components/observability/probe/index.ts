import * as pulumi from "@pulumi/pulumi";
import { packed } from "../../../services/bundle.ts";
import type { Configuration } from "../../../services/probe/configuration.ts";
import type { CertificateAuthority, ScrapeTarget, SecretContents, Watched, Zone } from "../../network/index.ts";
import { createConfigMap, createSecret, Endpoint, hashOf, Workload } from "../../network/index.ts";
import {
  configurationFile,
  objects,
  ports,
  probeAccounts,
  probeConfiguration,
  probeName,
  probeWorkload,
  programFile,
} from "./spec.ts";

export { probeAccounts } from "./spec.ts";

/** What is probed: an IM service, as its users see it. */
export interface ProbedService {
  /** URL that clients use. */
  readonly url: string;
  /** URL of the web client. */
  readonly webUrl: string;
  /** What it calls the identity provider. */
  readonly authProvider: string;
  /** Whether people sign in with passwords that it keeps, or at the provider. */
  readonly supports: { readonly passwords: boolean };
  /** Account of that name, whose password is a secret. */
  account(name: string): { readonly password: pulumi.Output<string> };
}

export interface ProbeArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  /** Image `node`, by digest. */
  readonly image: string;
  /** The edge, from inside, and what its certificate for people is verified with, in PEM. */
  readonly edge: { readonly inside: Endpoint; readonly authorityPem: pulumi.Input<string> };
  /** It has accounts of {@link probeAccounts}. */
  readonly service: ProbedService & pulumi.Resource;
  /** Name that identifiers end in. */
  readonly domain: string;
  /** Where the environment's own identity provider lets people sign in. @default there is none, or it is outside */
  readonly authorizationEndpoint?: string | undefined;
  /** Processors that it is guaranteed, in cores. */
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** Finds out, every few seconds, whether people can chat and sign in, as two of them. */
export class Probe extends pulumi.ComponentResource implements Watched {
  readonly scrapeTargets: readonly ScrapeTarget[];

  constructor(name: string, args: ProbeArgs, opts?: pulumi.ComponentResourceOptions) {
    const { zone, authority, edge, service, domain, image, cpus, memoryMiB } = args;
    super("roost:observability:Probe", name, {}, pulumi.mergeOptions(opts, { dependsOn: [zone, service] }));
    const child = { parent: this };
    const { namespace } = zone;
    const peer = zone.peer(probeName);
    const metrics = new Endpoint(probeName, { server: peer, port: ports.https, authority }, child);
    this.scrapeTargets = [{ job: probeName, endpoint: metrics }];
    const certificate = authority.issue(objects.certificate, { namespace, dnsNames: [metrics.host] }, child);
    const configuration = JSON.stringify(
      probeConfiguration({ url: service.url, domain, edge: edge.inside.connect(peer), signIn: signInOf(args) }),
    );
    const program = packed(probeName);
    const passwords: SecretContents = Object.fromEntries(
      probeAccounts.map((account) => [account, service.account(account).password]),
    );
    const dependsOn = [
      createConfigMap(objects.program, namespace, { [programFile]: program }, child),
      createConfigMap(objects.configuration, namespace, { [configurationFile]: configuration }, child),
      createConfigMap(objects.authority, namespace, { "ca.crt": edge.authorityPem }, child),
      createSecret(objects.secrets, namespace, passwords, child),
    ];
    const spec = probeWorkload({ peer, image, cpus, memoryMiB });
    const configHash = hashOf(program, configuration, edge.authorityPem, passwords, certificate.hash);
    new Workload(probeName, { spec, configHash }, { ...child, dependsOn });
    this.registerOutputs({});
  }
}

function signInOf({ service, authorizationEndpoint }: ProbeArgs): Configuration["signIn"] {
  if (service.supports.passwords) return { kind: "password" };
  return {
    kind: "singleSignOn",
    provider: service.authProvider,
    redirectUrl: `${service.webUrl}/`,
    ...(authorizationEndpoint !== undefined && { authorizationEndpoint }),
  };
}
