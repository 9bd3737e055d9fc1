/** What holds state, and what goes with it when it is deleted. */
import { kindOf } from "./objects.ts";

/** Kubernetes kinds, by group and kind: what is lost. */
const KINDS: Readonly<Record<string, string>> = {
  "core/PersistentVolumeClaim": "the data on its volume",
  "core/PersistentVolume": "the data on it",
  "core/Namespace": "everything in the namespace, volumes and secrets too",
  "apiextensions.k8s.io/CustomResourceDefinition": "every object of its kind, in all namespaces",
  "helm.sh/Release": "what its chart installed",
  "snapshot.storage.k8s.io/VolumeSnapshot": "the snapshot",
  "postgresql.cnpg.io/Cluster": "its databases and their volumes",
  "postgresql.cnpg.io/Backup": "the record of the backup",
  "acid.zalan.do/postgresql": "its databases and their volumes",
  "postgres-operator.crunchydata.com/PostgresCluster": "its databases and their volumes",
  "mysql.oracle.com/InnoDBCluster": "its databases and their volumes",
  "k8s.mariadb.com/MariaDB": "its databases and their volumes",
  "mongodbcommunity.mongodb.com/MongoDBCommunity": "its databases and their volumes",
  "kafka.strimzi.io/Kafka": "its topics and their messages",
  "kafka.strimzi.io/KafkaNodePool": "the volumes of its brokers",
  "kafka.strimzi.io/KafkaTopic": "the topic's messages",
  "elasticsearch.k8s.elastic.co/Elasticsearch": "its indices",
  "minio.min.io/Tenant": "its buckets",
  "objectbucket.io/ObjectBucketClaim": "the bucket's objects",
  "ceph.rook.io/CephCluster": "everything that is stored in it",
  "ceph.rook.io/CephFilesystem": "its files",
  "ceph.rook.io/CephObjectStore": "its objects",
};

/** The same in clouds: types end so. */
const CLOUD =
  /(Bucket|BucketV2|Database|DatabaseInstance|Instance|DbInstance|Cluster|Disk|Volume|FileSystem|Share|Table|Topic|Vault|StorageAccount|Container)$/;
const CLOUD_STORES =
  /^(aws|aws-native|azure|azure-native|gcp|google-native|alicloud|digitalocean|hcloud|openstack|minio|postgresql|mysql|kafka|cloudflare|oci|scaleway|linode|ovh|vsphere|proxmoxve|libvirt)(:|$)/;

/** What is lost when a resource of the type is deleted; nothing where it holds no state. */
export function stateOfType(type: string): string | undefined {
  const kind = kindOf(type);
  if (kind !== undefined) return KINDS[kind];
  return CLOUD_STORES.test(type) && CLOUD.test(type) ? "what it holds" : undefined;
}

/** Custom resources of an operator that is not known here: what goes with them, nobody here can say. */
export function isCustomResource(type: string): boolean {
  const kind = kindOf(type);
  const group = kind?.split("/")[0] ?? "";
  return (
    group.includes(".") &&
    !/(^|\.)k8s\.io$|^helm\.sh$|^yaml/.test(group) &&
    kind !== undefined &&
    KINDS[kind] === undefined
  );
}
