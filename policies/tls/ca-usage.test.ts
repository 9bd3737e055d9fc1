import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { caUsage } from "./ca-usage.ts";
import { authority, certificate, request } from "./testing.ts";

const uses = (...allowedUses: readonly string[]) => ({ allowedUses });

describe("tls-ca-usage", () => {
  itJudges(caUsage, {
    passes: {
      "an authority": authority(),
      "an authority below another": certificate({ isCaCertificate: true, ...uses("cert_signing") }),
      "a server": certificate(uses("digital_signature", "key_encipherment", "server_auth")),
      "a client": certificate(uses("client_auth")),
    },
    fails: {
      "an authority that serves": [
        authority(uses("cert_signing", "server_auth")),
        "the authority's certificate may be used for server_auth",
      ],
      "an authority that may not sign": [authority(uses("crl_signing")), "the authority's certificate may not sign"],
      "a server that signs": [
        certificate(uses("server_auth", "cert_signing")),
        "the certificate may be used for cert_signing",
      ],
      "a certificate for anything": [certificate(uses("server_auth", "any_extended")), "used for any_extended"],
      "a certificate that does not say what for": [
        certificate(uses("digital_signature")),
        "does not say whether it is a server's or a client's",
      ],
    },
    ignores: { "what is no certificate": request() },
    undecided: { "uses that are not known": withUnknown(certificate(), "allowedUses") },
  });
});
