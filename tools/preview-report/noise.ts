/** What differs and says nothing. It is left out of the report, but counted, and stands in the full diff. */
import type { Difference, Step } from "./property-diff.ts";
import { quantityOf } from "./quantity.ts";
import { Secret, Unknown, type Value } from "./value.ts";

/** Rules by which something is left out, and what a reader is told about it. */
export const noiseRules = {
  order: "order of lists whose order means nothing",
  notation: "the same value, written differently",
  serverDefault: "defaults that the API server fills in",
  derivedHash: "hashes that follow from another change",
  bookkeeping: "notes that tools keep for themselves",
  hiddenByProgram: "differences that the program hides (`hideDiffs`)",
} as const;

export type NoiseRule = keyof typeof noiseRules;

export interface Surroundings {
  /** Whether the preview changes something that a hash could be taken of: a ConfigMap, a Secret, a key, a password. */
  readonly hasHashedChange: boolean;
  readonly hiddenDiffs: readonly (readonly (string | number)[])[];
}

/** The rule that says why the difference is noise, or nothing where it is none. */
export function noiseRuleOf(difference: Difference, surroundings: Surroundings): NoiseRule | undefined {
  const { path, before, after, isOrder = false } = difference;
  if (surroundings.hiddenDiffs.some((hidden) => isBelow(path, hidden))) return "hiddenByProgram";
  if (isOrder) return "order";
  if (isBookkeeping(path)) return "bookkeeping";
  if (isDefault(path, before, after)) return "serverDefault";
  if (isSameQuantity(path, before, after)) return "notation";
  if (surroundings.hasHashedChange && isHash(path, before, after)) return "derivedHash";
  return undefined;
}

function isBelow(path: readonly Step[], hidden: readonly (string | number)[]): boolean {
  return hidden.length > 0 && hidden.every((key, index) => path[index] === key || typeof key === "number");
}

/** Annotations that tools write for themselves. */
const BOOKKEEPING_ANNOTATION =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration|pulumi\.com\/(autonamed|patchForce)|deployment\.kubernetes\.io\/revision)$/;

/** Parts of an object's metadata that the API server writes. */
const BOOKKEEPING_METADATA = /^(managedFields|resourceVersion|generation|creationTimestamp|selfLink|uid)$/;

function isBookkeeping(path: readonly Step[]): boolean {
  const [first, second, third] = path;
  if (typeof first === "string" && first.startsWith("__")) return true;
  if (first !== "metadata" || typeof second !== "string") return false;
  if (second === "annotations" && typeof third === "string") return BOOKKEEPING_ANNOTATION.test(third);
  return BOOKKEEPING_METADATA.test(second);
}

/** Defaults of the Kubernetes API, by the key that has them. Source: the API reference of Kubernetes 1.34. */
const DEFAULTS: Readonly<Record<string, Value>> = {
  defaultMode: 420,
  dnsPolicy: "ClusterFirst",
  enableServiceLinks: true,
  failureThreshold: 3,
  internalTrafficPolicy: "Cluster",
  ipFamilyPolicy: "SingleStack",
  periodSeconds: 10,
  podManagementPolicy: "OrderedReady",
  progressDeadlineSeconds: 600,
  protocol: "TCP",
  publishNotReadyAddresses: false,
  restartPolicy: "Always",
  revisionHistoryLimit: 10,
  schedulerName: "default-scheduler",
  scheme: "HTTP",
  sessionAffinity: "None",
  successThreshold: 1,
  terminationGracePeriodSeconds: 30,
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
  timeoutSeconds: 1,
  volumeMode: "Filesystem",
};

/** Something added or removed that is there anyway. */
function isDefault(path: readonly Step[], before: Value | undefined, after: Value | undefined): boolean {
  if (before !== undefined && after !== undefined) return false;
  const [key, value] = [path.at(-1), before ?? after];
  return value === null || (typeof key === "string" && Object.hasOwn(DEFAULTS, key) && DEFAULTS[key] === value);
}

function isSameQuantity(path: readonly Step[], before: Value | undefined, after: Value | undefined): boolean {
  if (!isPlain(before) || !isPlain(after)) return false;
  // In the texts of a ConfigMap "1.0" and "1" may be different versions.
  if (!path.some((step) => step === "resources" || step === "storage" || step === "capacity" || step === "ports")) {
    return `${before}` === `${after}`;
  }
  const [one, other] = [quantityOf(before), quantityOf(after)];
  return one !== undefined && one === other;
}

function isPlain(value: Value | undefined): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

/** Only where it has nothing to do itself: in an annotation or a label. That pods restart for it is told as an outage. */
function isHash(path: readonly Step[], before: Value | undefined, after: Value | undefined): boolean {
  const key = path.at(-1);
  const isMetadata = path.at(-2) === "annotations" || path.at(-2) === "labels";
  if (!isMetadata || typeof key !== "string" || !/(checksum|hash|digest)/i.test(key)) return false;
  return [before, after].every((value) => value === undefined || isHashLike(value));
}

function isHashLike(value: Value): boolean {
  if (value instanceof Secret || value instanceof Unknown) return true;
  return typeof value === "string" && /^(sha\d+[:-])?[0-9A-Za-z+/_=-]{6,}$|^\[masked \d+\]$/.test(value);
}
