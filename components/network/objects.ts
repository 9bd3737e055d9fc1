import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Packed } from "../../services/bundle.ts";
import { fingerprint } from "./certificates.ts";

/** Contents of a Secret, by file name. */
export type SecretContents = Readonly<Record<string, pulumi.Input<string>>>;

/** Makes a ConfigMap of that name. */
export function createConfigMap(
  name: string,
  namespace: string,
  files: Readonly<Record<string, pulumi.Input<string> | Packed>>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const data: Record<string, pulumi.Input<string>> = {};
  const binaryData: Record<string, string> = {};
  for (const [file, content] of Object.entries(files)) {
    if (content instanceof Packed) binaryData[file] = content.base64;
    else data[file] = content;
  }
  const packed = Object.keys(binaryData).length > 0 && { binaryData };
  return new kubernetes.core.v1.ConfigMap(name, { metadata: { name, namespace }, data, ...packed }, opts);
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

/** Changes with any of the contents, secrets too: whoever knows it would have to guess long random texts. */
export function hashOf(...contents: pulumi.Input<unknown>[]): pulumi.Output<string> {
  return pulumi.unsecret(pulumi.all(contents).apply((all) => fingerprint(JSON.stringify(all))));
}
