import { stringify } from "yaml";
import type { Homeserver } from "../pack/configuration/homeserver.ts";
import type { KubernetesResource } from "../pack/resource.ts";
import { deployment, object } from "../pack/testing.ts";

export const metadata = { name: "synapse", namespace: "chat" };

/** A ConfigMap with Synapse's configuration: the least that it needs, and these settings. */
export function homeserver(settings: Homeserver = {}): KubernetesResource<"ConfigMap"> {
  const text = stringify({ server_name: "example.org", report_stats: false, ...settings }, { version: "1.1" });
  return object("ConfigMap", { metadata, data: { "homeserver.yaml": text } });
}

/** Where that text is. */
export const homeserverPath = ["data", "homeserver.yaml"];

/** What rules about the homeserver have nothing to say about. */
export const others = {
  "another configuration": object("ConfigMap", { metadata, data: { "config.yaml": "server: example.org" } }),
  "another kind of resource": object("Service", { metadata }),
};

/** The pod that runs Synapse with that configuration and, where there is one, a Secret with further settings. */
export const synapse = deployment(
  {
    containers: [
      {
        name: "synapse",
        args: ["--config-path", "/config/homeserver.yaml", "--config-path", "/secrets/secrets.yaml"],
        volumeMounts: [
          { name: "config", mountPath: "/config" },
          { name: "secrets", mountPath: "/secrets" },
          { name: "temporary", mountPath: "/tmp" },
          { name: "media", mountPath: "/data" },
        ],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: "synapse" } },
      { name: "secrets", secret: { secretName: "synapse" } },
      { name: "temporary", emptyDir: {} },
      { name: "media", persistentVolumeClaim: { claimName: "media" } },
    ],
  },
  metadata,
);

/** The Secret with further settings. */
export function secrets(settings: Homeserver, files: Readonly<Record<string, string>> = {}) {
  return object("Secret", { metadata, stringData: { "secrets.yaml": stringify(settings), ...files } });
}

/** Where its text is. */
export const secretsPath = ["stringData", "secrets.yaml"];
