import type * as pulumi from "@pulumi/pulumi";
import type { Endpoint } from "./endpoint.ts";

/** Metrics that a component exposes, in Prometheus' format, over TLS. */
export interface ScrapeTarget {
  /** What all its series carry as the label `job`: the workload's name. */
  readonly job: string;
  /** Pods that serve them, with a certificate for the endpoint's host. */
  readonly endpoint: Endpoint;
  /** @default "/metrics" */
  readonly path?: string;
  /** Whether each pod speaks for itself, or any of them for all. @default "pod" */
  readonly answers?: "pod" | "service";
  /** Whether it answers only who shows a certificate of the authority. @default false */
  readonly mutual?: boolean;
  /** Names of metrics that are not kept, where labels hold what nobody but the program itself may know. @default none */
  readonly dropped?: readonly string[];
}

/** A component that says what of it can be watched. The stack gives all of it to the monitoring. */
export interface Watched {
  readonly scrapeTargets: readonly ScrapeTarget[];
}

/** A machine outside the cluster that tells of itself over TLS, to those who show a certificate. */
export interface WatchedMachine {
  /** What its series carry as the label `instance`: the name of its node, too. */
  readonly name: string;
  /** Host and port that it is asked at. */
  readonly target: string;
  /** The same as network rules have it. */
  readonly cidr: string;
  readonly port: number;
  /** Further labels of its series. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface WatchedMachines {
  readonly machines: readonly WatchedMachine[];
  /** What whoever asks them shows and verifies them with, in PEM. A secret. */
  readonly client: pulumi.Output<{
    readonly authority: string;
    readonly certificate: string;
    readonly privateKey: string;
  }>;
}
