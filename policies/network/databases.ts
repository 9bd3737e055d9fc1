import { z } from "zod";
import { isKind } from "../pack/resource.ts";
import type { PodSet } from "./pod-sets.ts";

/** Ports that servers of data listen on by default, by what listens there. */
export const databasePorts = {
  PostgreSQL: 5432,
  PgBouncer: 6432,
  MySQL: 3306,
  "SQL Server": 1433,
  Oracle: 1521,
  MongoDB: 27017,
  Redis: 6379,
  Cassandra: 9042,
  Elasticsearch: 9200,
  Kafka: 9092,
  etcd: 2379,
} as const satisfies Readonly<Record<string, number>>;

export const portsSetting = z
  .array(z.int().min(1).max(65535))
  .default(Object.values(databasePorts))
  .describe("Ports by which a pod is known to be a database, beside those of CloudNativePG.");

export function isDatabase({ resource, ports }: PodSet, known: readonly number[]): boolean {
  return (
    isKind(resource, "Cluster") || ports.some(({ number, protocol }) => protocol === "TCP" && known.includes(number))
  );
}
