import { hostsOf, rule, when } from "./rule.ts";

/** Names that Kubernetes and this stack keep for themselves. */
const RESERVED = ["default", "kube-system", "kube-public", "kube-node-lease", "cnpg-system", "local-path-storage"];

export const nameRules = [
  rule(["namespace"], ({ namespace }) =>
    when(RESERVED.includes(namespace), "namespace", namespace, `none of ${RESERVED.join(", ")}`, 'write "roost"'),
  ),

  rule(["domain", "im"], ({ domain, im }) => {
    if (im.engine !== "matrix") return [];
    const { host, webHost } = hostsOf(domain, im);
    const others = (names: readonly string[]) => `another name than ${names.join(" and ")}: each site has its own`;
    return [
      ...when(host === domain, "im.host", host, others([domain]), `write "matrix.${domain}", or leave it out`),
      ...when(
        [domain, host].includes(webHost),
        "im.webHost",
        webHost,
        others([domain, host]),
        `write "chat.${domain}", or leave it out`,
      ),
    ];
  }),
];
