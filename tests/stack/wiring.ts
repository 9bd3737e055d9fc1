/** What holds for every stack, whatever its settings. */
import { expect, it } from "@jest/globals";
import { containersOf, isObject, nameOf, objectsOf, policiesOf, servicesOf, workloadsOf } from "./objects.ts";
import type { Stack } from "./stack.ts";
import { SECRET_MARK } from "./stack.ts";

/** Labels that the CloudNativePG operator gives to the pods that it makes. */
const pgPods = { "cnpg.io/cluster": "pg", "cnpg.io/podRole": "instance" };

/** Tests of a stack's wiring, for a `describe` whose `beforeAll` has run it. */
export function itIsWired(stackOf: () => Stack): void {
  it("asks nothing of the cluster, so that a preview works without one", () => {
    expect(stackOf().calls).toEqual([]);
  });

  it("goes to the cluster that the settings name, with every single object", () => {
    const astray = stackOf().registered.filter((each) => isObject(each) && !each.provider.includes("::cluster"));
    expect(astray.map(({ name }) => name)).toEqual([]);
  });

  it("names every object itself, once, in a namespace that it makes", () => {
    const objects = objectsOf(stackOf().registered);
    const names = objects.map(nameOf);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    const namespaces = objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
    const elsewhere = objects.filter(
      ({ metadata }) => metadata.namespace !== undefined && !namespaces.includes(metadata.namespace),
    );
    expect(elsewhere.map(nameOf)).toEqual([]);
  });

  it("is restricted but where a port of the host is taken or logs of nodes are read, and denies all traffic before it allows some", () => {
    for (const { metadata } of objectsOf(stackOf().registered).filter(({ kind }) => kind === "Namespace")) {
      const takesOfNodes = metadata.name.endsWith("-edge") || metadata.name.endsWith("-logs");
      const enforce = takesOfNodes ? "privileged" : "restricted";
      expect(metadata.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": enforce });
      const names = policiesOf(stackOf().registered)
        .filter((policy) => policy.metadata.namespace === metadata.name)
        .map((policy) => policy.metadata.name);
      expect(names).toEqual(expect.arrayContaining(["default-deny", "allow-dns"]));
    }
  });

  it("lets only the users in from everywhere, and nobody out to everywhere", () => {
    const wide = policiesOf(stackOf().registered).filter(({ spec }) =>
      [...spec.ingress, ...spec.egress]
        .flatMap(({ from, to }) => [...from, ...to])
        .some((end) => end.ipBlock?.cidr.endsWith("/0")),
    );
    expect(wide.map(({ metadata }) => metadata.name).filter((name) => name !== "edge-from-users-8443")).toEqual([]);
  });

  it("has no rule for pods that do not exist", () => {
    const pods = workloadsOf(stackOf().registered).map(({ metadata, spec }) => ({
      namespace: metadata.namespace,
      labels: spec.template.metadata.labels,
    }));
    const namespaceOfPg = objectsOf(stackOf().registered).find(({ kind }) => kind === "Cluster")?.metadata.namespace;
    const known = [...pods, { namespace: namespaceOfPg, labels: pgPods }];
    const idle = policiesOf(stackOf().registered).filter(
      ({ metadata, spec }) =>
        !known.some((pod) => pod.namespace === metadata.namespace && carries(pod.labels, spec.podSelector.matchLabels)),
    );
    expect(idle.map(nameOf)).toEqual([]);
  });

  it("leads each Service to a port that a container listens on", () => {
    const workloads = workloadsOf(stackOf().registered);
    const astray = servicesOf(stackOf().registered).filter(({ metadata, spec }) => {
      if (carries(pgPods, spec.selector)) return false;
      const behind = workloads.filter(
        (each) =>
          each.metadata.namespace === metadata.namespace && carries(each.spec.template.metadata.labels, spec.selector),
      );
      const listening = behind
        .flatMap(containersOf)
        .flatMap(({ ports }) => ports.map(({ containerPort }) => containerPort));
      return !spec.ports.every(({ targetPort }) => listening.includes(targetPort));
    });
    expect(astray.map(nameOf)).toEqual([]);
  });

  it("mounts only what it makes", () => {
    const made = new Set(objectsOf(stackOf().registered).map(nameOf));
    const missing = workloadsOf(stackOf().registered).flatMap((each) => {
      const { namespace } = each.metadata;
      const wanted = each.spec.template.spec.volumes.flatMap(({ secret, configMap, persistentVolumeClaim }) => [
        ...(secret ? [`Secret ${namespace}/${secret.secretName}`] : []),
        ...(configMap ? [`ConfigMap ${namespace}/${configMap.name}`] : []),
        ...(persistentVolumeClaim ? [`PersistentVolumeClaim ${namespace}/${persistentVolumeClaim.claimName}`] : []),
      ]);
      return [...wanted, `ServiceAccount ${namespace}/${each.spec.template.spec.serviceAccountName}`]
        .filter((name) => !made.has(name))
        .map((name) => `${nameOf(each)} wants ${name}`);
    });
    expect(missing).toEqual([]);
  });

  it("runs images by digest only", () => {
    const images = workloadsOf(stackOf().registered)
      .flatMap(containersOf)
      .map(({ image }) => image);
    expect(images.filter((image) => !/@sha256:[0-9a-f]{64}$/.test(image))).toEqual([]);
  });

  it("keeps what is secret in Secrets alone: not in other objects, environments or arguments", () => {
    const marked = /only-secrets-may-hold-this|b25seS1zZWNyZXRzLW1heS1ob2xkLXRoaXM|6f6e6c792d736563726574732d/;
    expect(marked.test(SECRET_MARK) && marked.test(Buffer.from(SECRET_MARK).toString("base64"))).toBe(true);
    const leaking = objectsOf(stackOf().registered).filter(
      (each) => each.kind !== "Secret" && marked.test(JSON.stringify(each)),
    );
    expect(leaking.map(nameOf)).toEqual([]);
    const environments = workloadsOf(stackOf().registered)
      .flatMap(containersOf)
      .flatMap(({ env }) => env);
    expect(environments.filter((each) => JSON.stringify(each).includes("secretKeyRef"))).toEqual([]);
  });
}

function carries(labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}
