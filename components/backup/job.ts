import type * as pulumi from "@pulumi/pulumi";
import { packed } from "../../services/bundle.ts";
import type { ObjectStoreSpecification } from "../../services/object-store/specification.ts";
import { createConfigMap, hashOf, Workload } from "../network/index.ts";
import type { JobArgs } from "./spec.ts";
import { bucketsWorkload, objects } from "./spec.ts";

export interface BucketsJobArgs extends JobArgs {
  readonly specification: ObjectStoreSpecification;
  /** Changes with what it signs in with. */
  readonly credentials: pulumi.Output<string>;
}

/** Makes the Job that brings a store to what is declared; it runs again when that has changed. */
export function createBucketsJob(
  { specification, credentials, ...args }: BucketsJobArgs,
  opts: pulumi.CustomResourceOptions & { readonly dependsOn: pulumi.Resource[] },
): pulumi.Resource {
  const data = { "object-store.js.gz": packed("object-store"), "object-store.json": JSON.stringify(specification) };
  const program = createConfigMap(objects.job, args.peer.namespace, data, opts);
  const configHash = hashOf(JSON.stringify(data), credentials);
  const spec = bucketsWorkload(args);
  return new Workload(objects.job, { spec, configHash }, { ...opts, dependsOn: [...opts.dependsOn, program] });
}
