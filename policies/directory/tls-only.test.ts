import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { others, slapd } from "./testing.ts";
import { tlsOnly } from "./tls-only.ts";

const certificate = ["TLSCertificateFile /tls/tls.crt", "TLSCertificateKeyFile /tls/tls.key"];
const good = [...certificate, "TLSProtocolMin 3.3", "security ssf=128"];

describe("directory-tls-only", () => {
  itJudges(tlsOnly, {
    passes: {
      "TLS 1.2": slapd(good),
    },
    fails: {
      "nothing of it": [
        slapd([]),
        "has no TLSCertificateFile",
        "has no TLSCertificateKeyFile",
        "takes TLS older than 1.2",
        "asks for no encryption",
      ],
      "an old version": [slapd([...certificate, "TLSProtocolMin 3.1", "security ssf=128"]), "takes TLS older than 1.2"],
      "TLS that nobody must use": [slapd([...certificate, "TLSProtocolMin 3.3"]), "asks for no encryption"],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(slapd(good), ["data", "slapd-0.conf"]) },
  });
});
