/** What is done to the program for a recording: to one resource's inputs, or beside them. */
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

export interface Edit {
  /** Kind and name of the resource in the program. */
  readonly about: string;
  /** Its inputs, from what they were. */
  readonly change: (props: pulumi.Inputs) => pulumi.Inputs;
  /** Resources of its own, made with the program's provider. */
  readonly also?: (provider: kubernetes.Provider) => void;
}

const digest = `sha256:${"b7a9".repeat(16)}`;

/** The same inputs, but for what is at the path; on the way may be what the engine tells only later. */
function put(path: readonly string[], change: (before: unknown) => unknown) {
  return (props: pulumi.Inputs): pulumi.Inputs => ({ ...props, ...Object(changedAt(props, path, change)) });
}

function changedAt(value: unknown, [key, ...rest]: readonly string[], change: (before: unknown) => unknown): unknown {
  if (pulumi.Output.isInstance(value))
    return value.apply((known) => changedAt(known, key === undefined ? [] : [key, ...rest], change));
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, index) => (`${index}` === key ? changedAt(item, rest, change) : item));
  const before: object = typeof value === "object" && value !== null ? value : {};
  return { ...before, [key]: changedAt(Reflect.get(before, key), rest, change) };
}

const container = ["spec", "template", "spec", "containers", "0"];

/** Made when it is first asked for: an edit that is not chosen makes nothing. */
const later = () => new random.RandomPet("later", {}).id;

function rooms(topic: string): (provider: kubernetes.Provider) => void {
  return (provider) => {
    for (let number = 1; number <= 500; number += 1) {
      const name = `room-${number}`;
      new kubernetes.core.v1.ConfigMap(
        name,
        { metadata: { name, namespace: "roost" }, data: { topic: `${topic} ${number}` } },
        { provider },
      );
    }
  };
}

const same = (props: pulumi.Inputs) => props;

export const edits: Readonly<Record<string, readonly Edit[]>> = {
  thirdEdge: [{ about: "Deployment edge", change: put(["spec", "replicas"], () => 3) }],
  newWebImage: [
    {
      about: "Deployment web",
      change: put([...container, "image"], (image) => `${image}`.replace(/:([^:@]+)@sha256:.*$/, `:$1-next@${digest}`)),
    },
  ],
  renamedDatabase: [{ about: "Cluster pg", change: put(["metadata", "name"], () => "pg-next") }],
  openDatabase: [{ about: "NetworkPolicy roost-pg-from-synapse-5432", change: put(["spec", "ingress"], () => [{}]) }],
  noDefaultDeny: [
    { about: "NetworkPolicy roost-default-deny", change: put(["spec", "policyTypes"], () => ["Ingress"]) },
  ],
  newDatabasePassword: [
    { about: "RandomPassword pg-synapse", change: put(["keepers"], () => ({ rotated: "2030-01-01" })) },
  ],
  // It is due from the moment when it is made.
  dueCertificate: [
    { about: "LocallySignedCert edge-certificate-certificate", change: put(["earlyRenewalHours"], () => 1_000_000) },
  ],
  laterValues: [
    {
      about: "Deployment web",
      change: put(["spec", "template", "metadata", "annotations", "example.org/build"], later),
    },
    {
      about: "NetworkPolicy roost-edge-from-users-8443",
      change: put(["spec", "ingress", "0", "from"], () => [{ ipBlock: { cidr: later() } }]),
    },
    { about: "Service edge", change: put(["spec", "type"], later) },
  ],
  rooms: [{ about: "", change: same, also: rooms("Welcome to room") }],
  renamedRooms: [{ about: "", change: same, also: rooms("This is room") }],
  brokenHomeserver: [
    {
      about: "StatefulSet synapse",
      change: () => {
        throw new Error("The homeserver's settings cannot be read: workers is -1; at least 0 is allowed");
      },
    },
  ],
  privilegedWeb: [
    { about: "Deployment web", change: put([...container, "securityContext", "privileged"], () => true) },
  ],
};
