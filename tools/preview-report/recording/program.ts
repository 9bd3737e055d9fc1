/**
 * The real program, with the edits that the environment variable `EDITS` names. Objects are rendered into the folder
 * `RENDER_TO`, so that no cluster is needed; with `RECORD_KUBECONFIG` they are made in that cluster.
 */
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { edits } from "./edits.ts";

const { EDITS = "", RENDER_TO, RECORD_KUBECONFIG } = process.env;
const chosen = EDITS.split(",").flatMap((name) => edits[name] ?? []);

pulumi.runtime.registerStackTransformation(({ resource, type, name, props, opts }) => {
  if (type === "pulumi:providers:kubernetes") {
    if (name === "cluster") queueMicrotask(() => makeOthers(resource));
    const place = RECORD_KUBECONFIG
      ? { kubeconfig: RECORD_KUBECONFIG }
      : { renderYamlToDirectory: RENDER_TO, kubeconfig: undefined };
    return { props: { ...props, ...place }, opts };
  }
  const here = chosen.filter(({ about }) => about === `${type.split(":").at(-1)} ${name}`);
  return { props: here.reduce((changed, { change }) => change(changed), props), opts };
});

function makeOthers(provider: pulumi.Resource): void {
  if (!(provider instanceof kubernetes.Provider)) return;
  for (const { also } of chosen) also?.(provider);
}

process.chdir(join(import.meta.dirname, "../../.."));
await import("../../../index.ts");
