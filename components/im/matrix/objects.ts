import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { fingerprint } from "../../network/index.ts";

/** Contents of a Secret, by file name. */
export type SecretContents = Readonly<Record<string, pulumi.Output<string>>>;

/** Makes a ConfigMap of that name. */
export function createConfigMap(
  name: string,
  namespace: string,
  data: Record<string, string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new kubernetes.core.v1.ConfigMap(name, { metadata: { name, namespace }, data }, opts);
}

/** Makes a Secret of that name. */
export function createSecret(
  name: string,
  namespace: string,
  stringData: SecretContents,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new kubernetes.core.v1.Secret(name, { metadata: { name, namespace }, stringData: { ...stringData } }, opts);
}

/** A secret that the stack makes: letters and digits, so that no file format has to escape it. */
export function createPassword(
  name: string,
  length: number,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  return pulumi.secret(new random.RandomPassword(name, { length, special: false }, opts).result);
}

/**
 * Changes with any of the contents. It gives no secret away: whoever knows it would have to guess long random texts.
 * @param further what else the pods read at their start, by a name of its content
 */
export function hashOf(
  files: Readonly<Record<string, string>>,
  secrets: SecretContents,
  ...further: pulumi.Input<string>[]
): pulumi.Output<string> {
  const contents = pulumi.all([JSON.stringify(files), pulumi.all(secrets), pulumi.all(further)]);
  return pulumi.unsecret(contents.apply((all) => fingerprint(JSON.stringify(all))));
}
