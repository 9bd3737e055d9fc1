export type { Certificate, CertificateArgs, CertificateAuthorityArgs } from "./certificates.ts";
export { CertificateAuthority, fingerprint, LEAF_DAYS, present } from "./certificates.ts";
export { volumeClaim } from "./claim.ts";
export type { Connection, EndpointArgs } from "./endpoint.ts";
export { Endpoint } from "./endpoint.ts";
export { ForeignAuthority } from "./foreign-authority.ts";
export { headlessService, podHosts } from "./headless.ts";
export { configMapMount, secretMount } from "./mounts.ts";
export { nodeService, nodeUser, outsideHeapMiB, runPacked } from "./node-service.ts";
export type { SecretContents } from "./objects.ts";
export { createConfigMap, createPassword, createSecret, hashOf } from "./objects.ts";
export type { End, Network, Peer } from "./peer.ts";
export { labelsOf, peerNamed } from "./peer.ts";
export type { ClusterDns, Policy, Protocol } from "./policies.ts";
export { binaryQuantity, cpuQuantity } from "./quantities.ts";
export type { ScrapeTarget, Watched, WatchedMachine, WatchedMachines } from "./scrape.ts";
export type { WorkloadArgs } from "./workload.ts";
export { Workload } from "./workload.ts";
export type {
  ContainerSpec,
  CronJobSpec,
  DaemonSpec,
  JobSpec,
  Mount,
  MountSource,
  ServiceSpec,
  WorkloadSpec,
} from "./workload-spec.ts";
export { NODE_LOGS } from "./workload-spec.ts";
export type { PodSecurity, ZoneArgs } from "./zone.ts";
export { Zone } from "./zone.ts";
