/**
 * Which alerts keep which quiet, for Alertmanager's `inhibit_rules`: one fault wakes somebody once.
 *
 * Only what people notice, or will within hours, is a page; what explains it is a ticket, and is told beside the page. Left
 * to keep quiet is what follows from something else that is told: two symptoms of one fault, a mild form beside the
 * severe one, and what is missing because the node under it is.
 * @source https://prometheus.io/docs/alerting/latest/configuration/#inhibition-related-settings
 */
export interface Inhibition {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  /** Labels that must be the same on both. @default none */
  readonly equal?: readonly string[];
}

export const inhibitions: readonly Inhibition[] = [
  // Who cannot chat need not be told, too, that nobody can sign in, or that it was slow before.
  quiet("MessagesFailing", ["SignInsFailing", "MessagesDegraded", "SignInsDegraded", "SynapseSendSlow"]),
  quiet("SignInsFailing", ["SignInsDegraded"]),
  quiet("MessagesDegraded", ["ErrorBudgetSpent"]),
  quiet("SignInsDegraded", ["ErrorBudgetSpent"], ["slo"]),
  // One cause is told; what waits for it is not.
  quiet("SynapseDown", ["EdgeBackendWithoutServers", "ReplicasMissing"]),
  quiet("PostgresNoPrimary", [
    "SynapseDown",
    "SynapseSendSlow",
    "SynapseWaitsForDatabaseConnection",
    "KeycloakUnavailable",
    "KeycloakWaitsForDatabaseConnection",
    "PostgresStandbyMissing",
    "EdgeBackendWithoutServers",
  ]),
  quiet("KeycloakUnavailable", ["KeycloakWaitsForDatabaseConnection", "EdgeBackendWithoutServers"]),
  quiet("DirectoryUnavailable", ["DirectorySyncStalled", "ReplicasMissing"]),
  quiet("KafkaUnavailable", ["KafkaNoController", "KafkaPartitionsOffline", "ReplicasMissing"]),
  quiet("KafkaUnavailable", ["ChangeCaptureStopped", "ChangeCaptureFails", "ChangeCaptureBehind", "ImEventsStopped"]),
  quiet("ObjectStoreUnavailable", ["ReplicasMissing"], ["namespace", "statefulset"]),
  quiet("KafkaUnavailable", ["ArchiveBehind"]),
  quiet("ObjectStoreUnavailable", ["ArchiveBehind"]),
  quiet("ArchiveStopped", ["ArchiveBehind"]),
  quiet("ChangeCaptureStopped", ["ChangeCaptureFails", "ChangeCaptureBehind"]),
  quiet("KafkaPartitionsUnderMinimum", ["KafkaPartitionsAtMinimum", "KafkaPartitionsUnderReplicated"]),
  quiet("KafkaPartitionsAtMinimum", ["KafkaPartitionsUnderReplicated"]),
  quiet("NodeNotReady", [
    "ReplicasMissing",
    "PodPending",
    "TargetDown",
    "EdgeReplicaMissing",
    "KeycloakReplicaMissing",
    "PostgresStandbyMissing",
    "KafkaBrokerMissing",
    "KafkaPartitionsUnderReplicated",
    "ObjectStoreUnavailable",
    "AlertmanagerPeerMissing",
  ]),
  quiet("NodeUnderPressure", ["PodPending", "ReplicasMissing"]),
  // The severe form of the same.
  quiet("VolumeNearlyFull", ["VolumeFillingUp"], ["namespace", "persistentvolumeclaim"]),
  quiet("FileSystemNearlyFull", ["FileSystemFillingUp"], ["instance", "device"]),
  quiet("CertificateAboutToEnd", ["CertificateEndsSoon"], ["instance"]),
  quiet(
    "ContainerKilledForMemory",
    ["ContainerMemoryNearLimit", "ContainerRestartsAgainAndAgain"],
    ["namespace", "pod"],
  ),
  quiet("ServerArrayDegraded", ["ServerDiskMissing", "ServerDiskFailing"], ["instance"]),
  quiet("ServerArrayDown", ["ServerArrayDegraded", "ServerVolumeNotMounted"], ["instance"]),
  // Nothing can be said of what is not measured.
  quiet("MetricsMissing", ["DirectorySyncStalled"]),
];

function quiet(source: string, targets: readonly string[], equal?: readonly string[]): Inhibition {
  return {
    source_matchers: [`alertname="${source}"`],
    target_matchers: [targets.length === 1 ? `alertname="${targets[0]}"` : `alertname=~"${targets.join("|")}"`],
    ...(equal && { equal }),
  };
}
