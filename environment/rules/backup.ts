import { authorityProblems, openSecretProblems, placeProblems, portProblems } from "./outside.ts";
import { rule, when } from "./rule.ts";

export const backupRules = [
  rule(["backup"], ({ backup: { store } }, circumstances) => {
    if (store.kind !== "external") return [];
    const at = (setting: string) => `backup.store.${setting}`;
    return [
      ...portProblems(at("endpoint"), store.endpoint, circumstances),
      ...placeProblems(at("cidrs"), store.cidrs, "the addresses of the object store", circumstances),
      ...authorityProblems(at("caPem"), store.caPem, circumstances),
      ...openSecretProblems(at("secretAccessKey"), circumstances),
    ];
  }),

  rule(["backup", "cluster", "servers"], ({ backup: { store }, cluster, servers }) =>
    when(
      store.kind === "embedded" &&
        store.storageClass === undefined &&
        cluster.kind === "kubeconfig" &&
        cluster.storageClass === undefined &&
        Object.keys(servers.machines).length > 0,
      "backup.store.storageClass",
      undefined,
      "the name of a storage class: the machines' own volumes are PostgreSQL's and the media's",
      "write one, or set roost:cluster.storageClass",
    ),
  ),
];
