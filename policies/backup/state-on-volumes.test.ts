import { describe } from "@jest/globals";
import { stringify } from "yaml";
import type { Volume } from "../pack/kubernetes.ts";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { stateOnVolumes } from "./state-on-volumes.ts";

const metadata = { name: "synapse", namespace: "chat" };

function synapse(settings: object, volume: Omit<Volume, "name">) {
  return [
    object("ConfigMap", {
      metadata,
      data: { "homeserver.yaml": stringify({ server_name: "example.org", report_stats: false, ...settings }) },
    }),
    deployment({
      containers: [
        {
          name: "synapse",
          args: ["-c", "/config/homeserver.yaml"],
          volumeMounts: [
            { name: "config", mountPath: "/config" },
            { name: "data", mountPath: "/data" },
          ],
        },
      ],
      volumes: [
        { name: "config", configMap: { name: "synapse" } },
        { name: "data", ...volume },
      ],
    }),
  ];
}

function database(image: string, volume: Omit<Volume, "name"> = { emptyDir: {} }) {
  return deployment({
    containers: [{ name: "db", image, volumeMounts: [{ name: "data", mountPath: "/var/lib/data" }] }],
    volumes: [{ name: "data", ...volume }],
  });
}

describe("backup-state-on-volumes", () => {
  const claim = { persistentVolumeClaim: { claimName: "data" } };
  const media = { media_store_path: "/data/media" };

  itJudges(stateOnVolumes, {
    passes: {
      "files on a volume": synapse(media, claim),
      "files in an object store": synapse({ media_storage_providers: [{ module: "s3" }] }, { emptyDir: {} }),
      "a database on a volume": database("postgres:17", claim),
      "a database on a volume of its pod's own": object("StatefulSet", {
        spec: {
          template: {
            spec: {
              containers: [
                { name: "db", image: "mirror/kafka@sha256:0", volumeMounts: [{ name: "data", mountPath: "/d" }] },
              ],
            },
          },
          volumeClaimTemplates: [{ metadata: { name: "data" } }],
        },
      }),
    },
    fails: {
      "files that are lost with the pod": [
        synapse(media, { emptyDir: {} }),
        "media_store_path is /data/media, which is lost with the pod",
      ],
      "files in the container": [synapse({ media_store_path: "/media" }, claim), "which is lost with the pod"],
      "files wherever": [synapse({}, claim), "media_store_path is missing"],
      "a database that is lost with the pod": [
        database("registry.example.org/library/postgres:17"),
        'the container "db" of chat/web keeps its data in the pod',
      ],
      "a database without a volume": [
        deployment({ containers: [{ name: "db", image: "mariadb" }] }),
        "keeps its data in the pod",
      ],
    },
    ignores: {
      "a cache": database("redis:8"),
      "a program that only sounds like it": database("prom/postgres-exporter:1"),
      "a client that runs to its end": object("Job", {
        spec: { template: { spec: { containers: [{ name: "ask", image: "postgres:17" }] } } },
      }),
    },
    undecided: {
      "an image that is not known": withUnknown(database("postgres"), "spec.template.spec.containers.0.image"),
    },
  });
});
