export type { Certificate, CertificateArgs, CertificateAuthorityArgs } from "./certificates.ts";
export { CertificateAuthority, fingerprint, present } from "./certificates.ts";
export type { Connection, EndpointArgs } from "./endpoint.ts";
export { Endpoint } from "./endpoint.ts";
export type { End, Network, Peer } from "./peer.ts";
export { labelsOf, peerNamed } from "./peer.ts";
export type { ClusterDns, Policy, Protocol } from "./policies.ts";
export { binaryQuantity, cpuQuantity } from "./quantities.ts";
export type { WorkloadArgs } from "./workload.ts";
export { Workload } from "./workload.ts";
export type {
  ContainerSpec,
  CronJobSpec,
  JobSpec,
  Mount,
  MountSource,
  ServiceSpec,
  WorkloadSpec,
} from "./workload-spec.ts";
export type { PodSecurity, ZoneArgs } from "./zone.ts";
export { Zone } from "./zone.ts";
