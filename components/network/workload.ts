import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Peer } from "./peer.ts";
import { labelsOf } from "./peer.ts";
import type { CronJobSpec, ServiceSpec, WorkloadSpec } from "./workload-spec.ts";
import { claimsPerReplica, deploymentStrategy, podMetadata, podSpec } from "./workload-spec.ts";

type ObjectMeta = kubernetes.types.input.meta.v1.ObjectMeta;

export interface WorkloadArgs {
  /** What to run: computed by a pure function. */
  readonly spec: WorkloadSpec;
  /**
   * A value that changes when the pods must be replaced, because something they only read at their start has changed.
   * Not a secret. @default none
   */
  readonly configHash?: pulumi.Input<string>;
  /** How long is waited for its pods. @default the provider's, ten minutes */
  readonly customTimeouts?: pulumi.CustomTimeouts;
}

/** The one place where a Deployment, StatefulSet, DaemonSet or Job is made, with its ServiceAccount and its disruption budget. */
export class Workload extends pulumi.ComponentResource {
  readonly peer: Peer;

  constructor(name: string, args: WorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:network:Workload", name, {}, opts);
    const { spec } = args;
    this.peer = spec.peer;
    const metadata = { name: spec.peer.name, namespace: spec.peer.namespace, labels: labelsOf(spec.peer) };
    const account = new kubernetes.core.v1.ServiceAccount(
      name,
      { metadata, automountServiceAccountToken: false },
      { parent: this },
    );
    const template = { metadata: withHash(podMetadata(spec), args.configHash), spec: podSpec(spec) };
    const { customTimeouts } = args;
    const options = { parent: this, dependsOn: account, ...(customTimeouts && { customTimeouts }) };
    if (spec.kind === "Job") {
      // Kept when it has ended: a Job that removed itself would be made again by every `pulumi up`.
      const job = { backoffLimit: spec.backoffLimit, template };
      new kubernetes.batch.v1.Job(name, { metadata, spec: job }, { ...options, deleteBeforeReplace: true });
    } else if (spec.kind === "CronJob") {
      new kubernetes.batch.v1.CronJob(name, { metadata, spec: repeated(spec, template) }, options);
    } else if (spec.kind === "DaemonSet") {
      const selector = { matchLabels: { ...spec.peer.podLabels } };
      new kubernetes.apps.v1.DaemonSet(
        name,
        { metadata, spec: { selector, template, revisionHistoryLimit: 3 } },
        options,
      );
    } else {
      this.keepRunning(name, spec, metadata, template, options);
    }
    this.registerOutputs({});
  }

  private keepRunning(
    name: string,
    spec: ServiceSpec,
    metadata: ObjectMeta,
    template: kubernetes.types.input.core.v1.PodTemplateSpec,
    options: pulumi.CustomResourceOptions,
  ): void {
    const selector = { matchLabels: { ...spec.peer.podLabels } };
    if (spec.replicas > 1) {
      new kubernetes.policy.v1.PodDisruptionBudget(
        name,
        { metadata, spec: { selector, maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" } },
        { parent: this },
      );
    }
    const claims = claimsPerReplica(spec);
    const common = { selector, template, replicas: spec.replicas, revisionHistoryLimit: 3 };
    if (spec.kind === "Deployment") {
      const strategy = deploymentStrategy(spec);
      new kubernetes.apps.v1.Deployment(name, { metadata, spec: { ...common, strategy } }, options);
    } else {
      const updateStrategy = { type: "RollingUpdate" };
      const identity = { serviceName: spec.peer.name, podManagementPolicy: "Parallel" };
      const stateful = { ...common, ...claims, ...identity, updateStrategy };
      // Kubernetes changes no template of claims: another size would be another StatefulSet.
      const ignoreChanges = ["spec.volumeClaimTemplates"];
      new kubernetes.apps.v1.StatefulSet(name, { metadata, spec: stateful }, { ...options, ignoreChanges });
    }
  }
}

/** One run at a time, and none that the next one has overtaken; the last failures are kept, for whoever looks why. */
function repeated(
  { schedule, deadlineSeconds }: CronJobSpec,
  template: kubernetes.types.input.core.v1.PodTemplateSpec,
): kubernetes.types.input.batch.v1.CronJobSpec {
  return {
    schedule,
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: 300,
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 3,
    jobTemplate: { spec: { backoffLimit: 0, activeDeadlineSeconds: deadlineSeconds, template } },
  };
}

function withHash(metadata: ObjectMeta, configHash: pulumi.Input<string> | undefined): ObjectMeta {
  if (configHash === undefined) return metadata;
  return { ...metadata, annotations: { ...metadata.annotations, "roost/config-hash": configHash } };
}
