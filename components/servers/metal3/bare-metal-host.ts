import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { networkData } from "./network-data.ts";
import { hostSpec, type Metal3Server, secretNames } from "./spec.ts";

/** Where Metal3 runs, by kubeconfig. */
export interface Metal3Provider {
  /** @default as kubectl finds it */
  readonly kubeconfigPath?: string | undefined;
  /** @default the kubeconfig's current context */
  readonly context?: string | undefined;
}

/** Who Metal3 signs in as at a management controller. */
export interface BmcCredentials {
  readonly username: string;
  readonly password: string;
}

export interface BareMetalHostArgs {
  readonly server: Metal3Server;
  readonly credentials: BmcCredentials;
  /** What cloud-init reads at the machine's first boot. A secret. */
  readonly userData: pulumi.Output<string>;
  readonly provider: kubernetes.Provider;
  /** Whether it may be deleted only by name: with it, Metal3 would take the machine down. */
  readonly protect: boolean;
}

/** The management cluster, which is there before the machines are. */
export function provideMetal3({ kubeconfigPath, context }: Metal3Provider, opts: pulumi.ResourceOptions) {
  return new kubernetes.Provider(
    "metal3",
    {
      enableSecretMutable: true,
      clusterIdentifier: `${pulumi.getProject()}-${pulumi.getStack()}-metal3`,
      ...(kubeconfigPath !== undefined && { kubeconfig: kubeconfigPath }),
      ...(context !== undefined && { context }),
    },
    opts,
  );
}

/** A machine that Metal3 installs from an image and hands its seed, with the Secrets for both. */
export class BareMetalHost extends pulumi.ComponentResource {
  constructor(name: string, args: BareMetalHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:servers:BareMetalHost", name, {}, opts);
    const { server, credentials, userData, protect, provider } = args;
    const { namespace } = server.provisioner;
    const names = secretNames(server);
    const child = { parent: this, provider };
    const secret = (secretName: string, stringData: Readonly<Record<string, pulumi.Input<string>>>) =>
      new kubernetes.core.v1.Secret(
        secretName,
        { metadata: { name: secretName, namespace }, type: "Opaque", stringData: pulumi.secret(stringData) },
        child,
      );
    const secrets = [
      secret(names.credentials, { username: credentials.username, password: credentials.password }),
      secret(names.userData, { userData }),
      secret(names.networkData, { networkData: JSON.stringify(networkData(server.network)) }),
      secret(names.metaData, { metaData: JSON.stringify({ "local-hostname": server.name }) }),
    ];
    new kubernetes.apiextensions.CustomResource(
      server.name,
      {
        apiVersion: "metal3.io/v1alpha1",
        kind: "BareMetalHost",
        metadata: { name: server.name, namespace, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: hostSpec(server),
      },
      { ...child, dependsOn: secrets, protect },
    );
    this.registerOutputs({});
  }
}
