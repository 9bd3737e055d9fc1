/** What the recorded changes do to the program. */
import * as kubernetes from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import type { Alterations, Edit } from "../rendered-stack/alteration.ts";

const digest = `sha256:${"b7a9".repeat(16)}`;

const container = ["spec", "template", "spec", "containers", "0"] as const;

let pet: random.RandomPet | undefined;

/** A value that the engine learns only later. Made when it is first asked for: what is not chosen makes nothing. */
function later(): random.RandomPet["id"] {
  pet ??= new random.RandomPet("later", {});
  return pet.id;
}

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

function edit(about: string, path: Edit["path"], change: Edit["change"]): { readonly edits: readonly Edit[] } {
  return { edits: [{ about, path, change }] };
}

export const alterations: Alterations = {
  thirdEdge: edit("Deployment edge", ["spec", "replicas"], () => 3),
  newWebImage: edit("Deployment web", [...container, "image"], (image) =>
    `${image}`.replace(/:([^:@/]+)@sha256:.*$/, `:$1-next@${digest}`),
  ),
  renamedDatabase: edit("Cluster pg", ["metadata", "name"], () => "pg-next"),
  openDatabase: edit("NetworkPolicy roost-pg-from-synapse-5432", ["spec", "ingress"], () => [{}]),
  noDefaultDeny: edit("NetworkPolicy roost-default-deny", ["spec", "policyTypes"], () => ["Ingress"]),
  newDatabasePassword: edit("RandomPassword pg-synapse", ["keepers"], () => ({ rotated: "2030-01-01" })),
  // It is due from the moment when it is made.
  dueCertificate: edit("LocallySignedCert edge-certificate-certificate", ["earlyRenewalHours"], () => 1_000_000),
  laterValues: {
    edits: [
      {
        about: "Deployment web",
        path: ["spec", "template", "metadata", "annotations", "example.org/build"],
        change: later,
      },
      {
        about: "NetworkPolicy roost-edge-from-users-8443",
        path: ["spec", "ingress", "0", "from"],
        change: () => [{ ipBlock: { cidr: later() } }],
      },
      { about: "Service edge", path: ["spec", "type"], change: later },
    ],
  },
  rooms: { also: rooms("Welcome to room") },
  renamedRooms: { also: rooms("This is room") },
  brokenHomeserver: edit("StatefulSet synapse", ["spec"], () => {
    throw new Error("The homeserver's settings cannot be read: workers is -1; at least 0 is allowed");
  }),
  privilegedWeb: edit("Deployment web", [...container, "securityContext", "privileged"], () => true),
};
