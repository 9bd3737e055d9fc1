import { describe } from "@jest/globals";
import { itJudges, object, resource, withUnknown } from "../pack/testing.ts";
import { stateProtected } from "./state-protected.ts";
import { disposable, metadata, password, production } from "./testing.ts";

const yes = { protect: true };
const ignores = {
  "what is for trying out": [disposable, object("Cluster", { metadata })],
  "a stack that does not say": object("Cluster", { metadata }),
};

describe("backup-state-protected", () => {
  const cluster = (options = {}) => object("Cluster", { metadata }, options);
  const claim = (options = {}) => object("PersistentVolumeClaim", { metadata }, options);
  const set = (options = {}) =>
    object("StatefulSet", { metadata, spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] } }, options);
  const definition = (kind: string, options = {}) =>
    resource(
      "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
      kind,
      { spec: { group: "postgresql.cnpg.io", names: { kind } } },
      options,
    );
  const key = (privateKeyPem: string, options = {}) =>
    resource("tls:index/privateKey:PrivateKey", "key", { privateKeyPem }, options);
  const certificate = (isCaCertificate: boolean, options = {}) =>
    resource("tls:index/selfSignedCert:SelfSignedCert", "ca", { isCaCertificate, privateKeyPem: "one" }, options);
  const bytes = (options = {}) => resource("random:index/randomBytes:RandomBytes", "signing", { length: 32 }, options);

  itJudges(stateProtected, {
    passes: {
      "state that is protected": [
        production,
        cluster(yes),
        claim(yes),
        set(yes),
        definition("Cluster", yes),
        bytes(yes),
      ],
      "an authority that is protected": [production, certificate(true, yes), key("one", yes)],
      "what can be made again": [
        production,
        object("Deployment", { metadata }),
        object("StatefulSet", { metadata }),
        key("another"),
        certificate(true, yes),
        password("login"),
        definition("Pooler"),
        object("Namespace", { metadata: { name: "operators" } }),
      ],
      "a certificate that signs nothing": [production, certificate(false), key("one")],
    },
    fails: {
      databases: [
        [production, cluster(), object("Database", { metadata })],
        "the Cluster is not protected, and with it goes every database in it",
        "the Database is not protected, and with it goes all that is in it",
      ],
      volumes: [
        [production, claim(), object("PersistentVolume", { metadata }), set()],
        "the PersistentVolumeClaim is not protected, and with it goes every file on it",
        "the PersistentVolume is not protected",
        "the StatefulSet is not protected",
      ],
      "the namespace around them": [
        [object("Namespace", production.props), claim(yes)],
        "the Namespace is not protected, and with it goes all that lies in it",
      ],
      "the definition of their kind": [
        [production, cluster(yes), definition("Cluster")],
        "the CustomResourceDefinition is not protected, and with it goes every object of its kind",
      ],
      "an authority": [
        [production, certificate(true), key("one")],
        "the SelfSignedCert is not protected, and with it goes the trust of all who know it",
        "the PrivateKey is not protected",
      ],
      keys: [
        [production, bytes(), password("synapse-pepper")],
        "the RandomBytes is not protected, and with it goes what it has signed",
        "the RandomPassword is not protected",
      ],
    },
    ignores,
    undecided: {
      "a key that may be the authority's": [production, certificate(true, yes), withUnknown(key(""), "privateKeyPem")],
    },
  });
});

describe("backup-state-protected, as an operator may set it", () => {
  itJudges(stateProtected, {
    settings: { keys: ["*::vault-*"] },
    passes: { "other secrets": [production, password("synapse-pepper")] },
    fails: { "what is named": [[production, password("vault-seal")], "the RandomPassword is not protected"] },
    ignores,
  });
});
