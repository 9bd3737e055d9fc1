import { kindRule } from "../pack/rule.ts";

export const noLastingTokens = kindRule("Secret", {
  id: "secrets-no-lasting-tokens",
  title: "No Secret holds a service account token, which would never end",
  why: "Such a token is good for as long as the account exists, from anywhere. One that a pod gets by itself ends with the pod, and within an hour unless it is renewed.",
  fix: "Remove the Secret. Let the pod mount a projected token, or ask for one with `kubectl create token` when it is needed.",
  severity: "high",
  controls: { cis: ["5.1.6"], nsa: ["pods/tokens"], iso: ["A.5.17"] },
  check({ props }, report) {
    if (props.type === "kubernetes.io/service-account-token") report("is a service account token");
  },
});
