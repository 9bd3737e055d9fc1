import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { fingerprint } from "../../network/index.ts";

/** Names of the objects that the containers read. */
export const objects = {
  workload: "keycloak",
  certificate: "keycloak-tls",
  secrets: "keycloak-config-secrets",
  scripts: "keycloak-scripts",
  /** The realm: the program, what it is to be, the secrets for it, and the two that run it. */
  program: "keycloak-realm-program",
  realm: "keycloak-realm",
  realmSecrets: "keycloak-realm-secrets",
  job: "keycloak-realm",
  upkeep: "keycloak-realm-upkeep",
} as const;

export type SecretContents = Readonly<Record<string, pulumi.Output<string>>>;

export function createConfigMap(
  name: string,
  namespace: string,
  data: Record<string, string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new kubernetes.core.v1.ConfigMap(name, { metadata: { name, namespace }, data }, opts);
}

export function createSecret(
  name: string,
  namespace: string,
  stringData: SecretContents,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new kubernetes.core.v1.Secret(name, { metadata: { name, namespace }, stringData: { ...stringData } }, opts);
}

/** Letters and digits only: nothing has to be escaped in whatever file it stands. */
export function createPassword(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  return pulumi.secret(new random.RandomPassword(name, { length: 48, special: false }, opts).result);
}

/** Changes with any of the contents; it gives none of the long random texts among them away. */
export function hashOf(...contents: pulumi.Input<unknown>[]): pulumi.Output<string> {
  return pulumi.unsecret(pulumi.all(contents).apply((all) => fingerprint(JSON.stringify(all))));
}
