import { z } from "zod";
import { decimalNumber, oneOf, wholeNumber } from "./setting.ts";

const planned = "from the plan, by users and availability (`make plan` shows it)";

export const postgresSettings = z
  .strictObject({
    operator: oneOf(["managed", "existing"], {
      description:
        'Who runs the CloudNativePG operator: "managed" installs it with this environment; "existing" uses the one that the cluster already has (1.28 or later).',
      example: "existing",
    }).default("managed"),
    storageGiB: wholeNumber({
      min: 1,
      max: 65536,
      unit: "GiB",
      description: "Volume of each PostgreSQL instance, for data and WAL together. It can grow later, never shrink.",
      example: 100,
      defaultText: planned,
    }).optional(),
    memoryMiB: wholeNumber({
      min: 256,
      max: 1_048_576,
      unit: "MiB",
      description: "Memory of each PostgreSQL instance. A quarter of it becomes `shared_buffers`.",
      example: 8192,
      defaultText: planned,
    }).optional(),
    cpus: decimalNumber({
      min: 0.05,
      max: 128,
      unit: "cores",
      description: "Processors that each PostgreSQL instance is guaranteed; it may use more while others do not.",
      example: 2,
      defaultText: planned,
    }).optional(),
    maxConnections: wholeNumber({
      min: 40,
      max: 5000,
      unit: "connections",
      description:
        "Connections that PostgreSQL accepts. They must suffice for the pools of all processes, and fit the memory.",
      example: 200,
      defaultText: planned,
    }).optional(),
    parameters: z
      .record(
        z
          .string()
          .max(63)
          .regex(/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/),
        z.union([z.string().max(1024), z.number(), z.boolean()]).transform(parameterValue),
      )
      .meta({
        description:
          "Further PostgreSQL parameters, or other values for those that the plan computes. Those that the operator or this stack must set are refused.",
        allowed: "an object of PostgreSQL parameter names and their values",
        example: { track_io_timing: "on" },
        source: "https://www.postgresql.org/docs/17/runtime-config.html",
      })
      .prefault({}),
  })
  .meta({ description: "The database.", example: { storageGiB: 100, memoryMiB: 8192 } });

export type PostgresSettings = z.output<typeof postgresSettings>;

/** PostgreSQL writes switches as on and off. */
function parameterValue(value: string | number | boolean): string {
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}
