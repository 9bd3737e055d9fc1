import { describe } from "@jest/globals";
import { deployment, itJudges, object, resource, withUnknown } from "../pack/testing.ts";
import { noneInAnnotations } from "./none-in-annotations.ts";

const service = (annotations: Readonly<Record<string, string>>) =>
  object("Service", { metadata: { name: "web", annotations } });

describe("secrets-none-in-annotations", () => {
  itJudges(noneInAnnotations, {
    passes: {
      "no metadata": object("Service", {}),
      "what tools need": service({ "pulumi.com/waitFor": '["condition=Ready","jsonpath={.status.readyInstances}=3"]' }),
      "the name of a Secret": service({ "nginx.ingress.kubernetes.io/auth-secret": "web-users" }),
      "a hash that changes with a Secret": deployment({}, { annotations: { "checksum/secret": "0a1b2c3d".repeat(8) } }),
    },
    fails: {
      "a password": [
        service({ "example.org/password": "hunter2" }),
        'the annotation "example.org/password" is a secret by its name',
      ],
      "an object that was applied, with what is in it": [
        service({ "kubectl.kubernetes.io/last-applied-configuration": '{"stringData":{"password":"hunter2"}}' }),
        'last-applied-configuration" has a value for "password"',
      ],
      "a label": [
        object("Secret", { metadata: { labels: { token: "hunter2" } } }),
        'the label "token" is a secret by its name',
      ],
      "an annotation of pods": [
        object("Deployment", {
          spec: { template: { metadata: { annotations: { scrape: "https://u:hunter2@web/metrics" } } } },
        }),
        'the annotation "scrape" of the pods has a password in a URL',
      ],
    },
    ignores: { "what is no object in the cluster": resource("random:index/randomPassword:RandomPassword", "x", {}) },
    undecided: {
      "an annotation that is not known": withUnknown(service({ note: "" }), ["metadata", "annotations", "note"]),
    },
  });
});
