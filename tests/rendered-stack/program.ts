/**
 * The real program with something done to it: what a mistake, a change, or somebody who means ill would have deployed.
 * Of the alterations that the module `ALTERATIONS_FROM` exports, `ALTERATIONS` names those that count; objects are written
 * to the folder `RENDER_TO` instead of a cluster; the program runs in the folder `RUN_IN`, where it finds its lock files.
 */
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Alterations, edited } from "./alteration.ts";

const { ALTERATIONS = "", ALTERATIONS_FROM = "", RENDER_TO, RUN_IN = "" } = process.env;
const { alterations }: { alterations: Alterations } = await import(ALTERATIONS_FROM);
const chosen = ALTERATIONS.split(",").flatMap((name) => alterations[name] ?? []);
const edits = chosen.flatMap((alteration) => alteration.edits ?? []);

pulumi.runtime.registerStackTransformation(({ resource, type, name, props, opts }) => {
  if (type === "pulumi:providers:kubernetes" && RENDER_TO !== undefined) {
    // When the program has made it, and not while it does.
    queueMicrotask(() => makeOthers(resource));
    // Without what leads to a cluster: the provider would refuse both.
    const { enableConfigMapMutable, enableSecretMutable } = props;
    return { props: { enableConfigMapMutable, enableSecretMutable, renderYamlToDirectory: RENDER_TO }, opts };
  }
  const here = edits.filter(({ about }) => about === `${type.split(":").at(-1)} ${name}`);
  return { props: here.reduce(edited, props), opts };
});

function makeOthers(provider: pulumi.Resource): void {
  if (!(provider instanceof kubernetes.Provider)) return;
  for (const { also } of chosen) also?.(provider);
}

process.chdir(RUN_IN);
await import("../../index.ts");
