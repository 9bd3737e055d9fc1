/** The Kubernetes objects of a stack, in the form that the tests ask about. */
import { z } from "zod";
import type { Registered } from "./stack.ts";

const labels = z.record(z.string(), z.string());

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional(), labels: labels.optional() }),
});

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  ports: z.array(z.looseObject({ containerPort: z.number() })).default([]),
  env: z.array(z.looseObject({ name: z.string() })).default([]),
});

const volume = z.looseObject({
  name: z.string(),
  secret: z
    .looseObject({ secretName: z.string(), items: z.array(z.looseObject({ key: z.string() })).default([]) })
    .optional(),
  configMap: z
    .looseObject({ name: z.string(), items: z.array(z.looseObject({ key: z.string() })).default([]) })
    .optional(),
  persistentVolumeClaim: z.looseObject({ claimName: z.string() }).optional(),
});

const workload = object.extend({
  spec: z.looseObject({
    replicas: z.number().optional(),
    template: z.looseObject({
      metadata: z.looseObject({ labels }),
      spec: z.looseObject({
        serviceAccountName: z.string(),
        initContainers: z.array(container).default([]),
        containers: z.array(container),
        volumes: z.array(volume).default([]),
        topologySpreadConstraints: z.array(z.unknown()).optional(),
      }),
    }),
  }),
});

/** What makes Jobs has their pods' description one level deeper. */
const schedule = object.extend({ spec: z.looseObject({ jobTemplate: z.looseObject({ spec: workload.shape.spec }) }) });

const service = object.extend({
  spec: z.looseObject({ selector: labels, ports: z.array(z.looseObject({ targetPort: z.number() })) }),
});

const end = z.looseObject({ ipBlock: z.looseObject({ cidr: z.string() }).optional() });
const rule = z.looseObject({ from: z.array(end).default([]), to: z.array(end).default([]) });
const policy = object.extend({
  spec: z.looseObject({
    podSelector: z.looseObject({ matchLabels: labels.default({}) }),
    ingress: z.array(rule).default([]),
    egress: z.array(rule).default([]),
  }),
});

export type KubernetesObject = z.output<typeof object>;
export type WorkloadObject = z.output<typeof workload>;

/** Kubernetes objects, without the provider and without components. */
export function objectsOf(registered: readonly Registered[]): KubernetesObject[] {
  return registered.filter(isObject).map(({ inputs }) => object.parse(inputs));
}

export function isObject({ type }: Registered): boolean {
  return type.startsWith("kubernetes:");
}

function ofKind<Shape extends z.ZodType>(registered: readonly Registered[], shape: Shape, ...kinds: string[]) {
  return objectsOf(registered)
    .filter(({ kind }) => kinds.includes(kind))
    .map((each): z.output<Shape> => shape.parse(each));
}

export const workloadsOf = (registered: readonly Registered[]): WorkloadObject[] => [
  ...ofKind(registered, workload, "Deployment", "StatefulSet", "DaemonSet", "Job"),
  ...ofKind(registered, schedule, "CronJob").map(({ spec, ...rest }) => ({ ...rest, ...spec.jobTemplate })),
];
export const servicesOf = (registered: readonly Registered[]) => ofKind(registered, service, "Service");
export const policiesOf = (registered: readonly Registered[]) => ofKind(registered, policy, "NetworkPolicy");

/** `Kind namespace/name`. */
export function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
}

export function containersOf({ spec }: WorkloadObject) {
  return [...spec.template.spec.initContainers, ...spec.template.spec.containers];
}
