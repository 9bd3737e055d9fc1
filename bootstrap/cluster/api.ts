/** Questions to the cluster's API server, asked without kubectl, which takes most of a second to start. */
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { controlPlane, hostAddress, type Site } from "./site.ts";

/** A list of objects, or one object, as far as it is looked at here. */
export interface Answer {
  readonly items?: readonly KubernetesStatus[];
  readonly data?: Readonly<Record<string, string>>;
}

export interface KubernetesStatus {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly terminationGracePeriodSeconds?: number };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastHeartbeatTime?: string;
    }[];
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      /** `containerd://<id>` */
      readonly containerID?: string;
      readonly state?: { readonly running?: { readonly startedAt: string } };
    }[];
  };
}

/** What the API server has at `path`, or nothing when it does not answer or has nothing there. */
export async function ask(site: Site, path: string): Promise<Answer | undefined> {
  const file = (name: string) => readFileSync(join(site.folder, "pki", name));
  const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
  const asked = request(
    {
      host: hostAddress(site, controlPlane),
      port: 6443,
      path,
      ca: file("kubernetes-ca.crt"),
      cert: file("administrator.crt"),
      key: file("administrator.key"),
      // One connection a question: an agent would keep some open, and this process with them.
      agent: false,
      timeout: 5_000,
    },
    (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode !== 200) resolve(undefined);
        else resolve(text.startsWith("{") ? JSON.parse(text) : {});
      });
    },
  );
  asked.on("timeout", () => asked.destroy());
  asked.on("error", () => resolve(undefined));
  asked.end();
  return promise;
}

/** Whether the nodes named report that they are ready, and have done so since `since`. */
export function nodesReady(nodes: readonly KubernetesStatus[], names: readonly string[], since: Date): boolean {
  return names.every((name) =>
    nodes
      .find(({ metadata }) => metadata.name === name)
      ?.status?.conditions?.some(
        ({ type, status, lastHeartbeatTime }) =>
          type === "Ready" && status === "True" && new Date(lastHeartbeatTime ?? 0) >= since,
      ),
  );
}

/** Whether, for each application, a pod is ready whose containers have been started since `since`. */
export function podsReady(pods: readonly KubernetesStatus[], applications: readonly string[], since: Date): boolean {
  return applications.every((application) =>
    pods
      .filter(({ metadata }) => metadata.labels?.["k8s-app"] === application)
      .some(({ status }) => {
        const containers = status?.containerStatuses ?? [];
        const fresh = containers.filter(
          ({ ready, state }) => ready && new Date(state?.running?.startedAt ?? 0) >= since,
        );
        return containers.length > 0 && fresh.length === containers.length;
      }),
  );
}

/** How long containers may take to end, in ms, by their id at the container runtime. */
export function gracePeriods(pods: readonly KubernetesStatus[]): Map<string, number> {
  const graces = new Map<string, number>();
  for (const { spec, status } of pods) {
    for (const { containerID } of status?.containerStatuses ?? []) {
      const id = containerID?.split("//")[1];
      if (id !== undefined) graces.set(id, (spec?.terminationGracePeriodSeconds ?? 30) * 1000);
    }
  }
  return graces;
}
