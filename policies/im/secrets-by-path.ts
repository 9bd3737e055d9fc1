import { z } from "zod";
import { homeserverOf } from "../pack/configuration/homeserver.ts";
import { isKind } from "../pack/resource.ts";
import { subjectRule } from "../pack/rule.ts";

/** Settings that are secret, and say so by no word that other rules would know: top-level ones and nested ones. */
const secretSettings = [
  "signing_key",
  "macaroon_secret_key",
  "form_secret",
  "registration_shared_secret",
  "turn_shared_secret",
  "worker_replication_secret",
  "recaptcha_private_key",
  "password_config.pepper",
  "database.args.password",
  "redis.password",
  "email.smtp_pass",
] as const;

const branch = z.looseObject({});

export const secretsByPath = subjectRule(
  (resource) => (isKind(resource, "ConfigMap") ? homeserverOf(resource) : undefined),
  {
    id: "im-secrets-by-path",
    title: "The homeserver's configuration in a ConfigMap names files for its secrets instead of having them in it",
    why: "Whoever may list ConfigMaps reads what stands in them, and so do backups and reviewers. With the registration secret anybody makes an administrator, with the signing key anybody is the server.",
    fix: "Put the secret into a Secret, mount it, and name its file by the setting that ends in `_path`; where there is none, mount a further configuration file from a Secret.",
    severity: "critical",
    controls: { nsa: ["network/secrets"], iso: ["A.5.17"] },
    check(settings, report) {
      for (const path of secretSettings) {
        const value = path.split(".").reduce<unknown>((tree, key) => branch.safeParse(tree).data?.[key], settings);
        if (value !== undefined && value !== null) report(`${path} stands in a ConfigMap`);
      }
    },
  },
);
