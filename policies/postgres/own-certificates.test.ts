import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { ownCertificates } from "./own-certificates.ts";
import { cluster } from "./testing.ts";

const certificates = { serverTLSSecret: "pg-server", serverCASecret: "pg-server" };

describe("postgres-own-certificates", () => {
  itJudges(ownCertificates, {
    passes: { "a certificate and its authority": cluster({ certificates }) },
    fails: {
      "the operator's": [cluster({}), "names no serverTLSSecret and no serverCASecret, so that the operator makes one"],
      "a certificate without its authority": [
        cluster({ certificates: { serverTLSSecret: "pg-server" } }),
        "names no serverCASecret",
      ],
    },
    ignores: { "a database": object("Database", {}) },
    undecided: { "what is not known": withUnknown(cluster({ certificates }), "spec.certificates.serverTLSSecret") },
  });
});
