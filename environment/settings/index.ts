import { z } from "zod";
import { ESS_SIZING } from "../sources.ts";
import { archiveSettings } from "./archive.ts";
import { backupSettings } from "./backup.ts";
import { clusterSettings } from "./cluster.ts";
import { edgeSettings } from "./edge.ts";
import { identitySettings } from "./identity/index.ts";
import { imSettings } from "./im.ts";
import { imageSettings } from "./images.ts";
import { kafkaSettings } from "./kafka.ts";
import { DNS_LABEL, hostName } from "./names.ts";
import { observabilitySettings } from "./observability.ts";
import { postgresSettings } from "./postgres.ts";
import { bmcCredentials, serverSettings } from "./servers/index.ts";
import { oneOf, text, wholeNumber } from "./setting.ts";

/** Namespace of the settings in Pulumi's configuration: the project's name. */
export const CONFIG_NAMESPACE = "roost";

/**
 * Users that one environment can be sized for: Synapse runs as one process, which uses one core at most, and the
 * published tables ask for several processes above this.
 */
export const MAX_USERS = 2500;

/** The schema of everything that an operator may ask for, a top-level key of Pulumi's configuration each. */
export const sections = {
  domain: hostName({
    description:
      "Name of the environment: the part of people's identifiers after the colon (`@ada:example.org`). It can never be changed once people exist.",
    example: "example.org",
  }),
  namespace: text(DNS_LABEL, {
    description: "Kubernetes namespace that everything lies in.",
    allowed: "the name of a Kubernetes namespace: lower-case letters, digits and hyphens, at most 63",
    example: "chat",
    maxLength: 63,
  }).default("roost"),
  users: wholeNumber({
    min: 1,
    max: MAX_USERS,
    unit: "users",
    description:
      "People who use it. All sizes follow from it. One Synapse process serves no more than the limit: make two environments, or wait for worker processes.",
    example: 500,
    source: ESS_SIZING,
  }).default(100),
  availability: oneOf(["single", "ha"], {
    description:
      '"single" runs one of everything; "ha" survives the loss of a node: three PostgreSQL instances, two of what can be two.',
    example: "ha",
  }).default("single"),
  protection: oneOf(["production", "disposable"], {
    description:
      '"production" refuses to delete or replace databases, volumes and keys, and keeps their data; "disposable" lets `pulumi destroy` remove everything.',
    example: "disposable",
  }).default("production"),
  cluster: clusterSettings.prefault({ kind: "embedded" }),
  images: imageSettings.prefault({ source: "built" }),
  postgres: postgresSettings.prefault({}),
  im: imSettings.prefault({ engine: "matrix" }),
  identity: identitySettings.prefault({ kind: "local" }),
  edge: edgeSettings.prefault({}),
  kafka: kafkaSettings.prefault({ kind: "off" }),
  backup: backupSettings.prefault({}),
  archive: archiveSettings.prefault({ kind: "off" }),
  observability: observabilitySettings.prefault({ kind: "on" }),
  servers: serverSettings.prefault({}),
  bmcCredentials: bmcCredentials.default({}),
} as const;

export const settingsSchema = z.strictObject(sections);

/** What an operator has set, with the defaults that do not depend on other settings. */
export type Settings = z.output<typeof settingsSchema>;
