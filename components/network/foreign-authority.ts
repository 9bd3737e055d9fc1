import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** The authority of servers that are not of this stack: clients are given its certificate where they are. */
export class ForeignAuthority {
  private readonly name: string;
  private readonly caPem: string | undefined;
  private readonly parent: pulumi.Resource;
  private readonly namespaces = new Set<string>();

  /**
   * @param name of the ConfigMaps with `ca.crt`
   * @param caPem its certificate. @default public authorities, whose certificates every image has
   */
  constructor(name: string, caPem: string | undefined, parent: pulumi.Resource) {
    this.name = name;
    this.caPem = caPem;
    this.parent = parent;
  }

  /** Puts the certificate into the namespace, once. @returns what a connection says of it */
  in(namespace: string): { readonly caConfigMap?: string } {
    if (this.caPem === undefined) return {};
    const { name, parent } = this;
    if (!this.namespaces.has(namespace)) {
      this.namespaces.add(namespace);
      const args = { metadata: { name, namespace }, data: { "ca.crt": this.caPem } };
      new kubernetes.core.v1.ConfigMap(`${namespace}-${name}`, args, { parent });
    }
    return { caConfigMap: name };
  }
}
