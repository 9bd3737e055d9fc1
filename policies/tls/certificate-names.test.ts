import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { certificateNames } from "./certificate-names.ts";
import { authority, certificate, request } from "./testing.ts";

const signed = (props: object = {}) => certificate({ certRequestPem: "web", ...props });
const asked = (props: object) => request({ certRequestPem: "web", ...props });
const client = { allowedUses: ["client_auth"] };

describe("tls-certificate-names", () => {
  itJudges(certificateNames, {
    passes: {
      "a server with names": [signed(), asked({ dnsNames: ["chat.example.org"] })],
      "a server with an address": [signed(), asked({ ipAddresses: ["192.0.2.1"] })],
      "a server whose request comes from elsewhere": [signed(), request({ certRequestPem: "other" })],
    },
    fails: {
      "a server without names": [
        [signed(), asked({ subject: { commonName: "chat.example.org" } }), request({ dnsNames: ["other"] })],
        "the server's certificate has no names",
      ],
      "a server that signs itself, without names": [
        [authority({ isCaCertificate: false, allowedUses: ["server_auth"] })],
        "has no names",
      ],
    },
    ignores: {
      "a client, which its common name identifies": [signed(client), asked({})],
      "an authority": [authority()],
    },
    undecided: { "a request that is not known": [signed(), withUnknown(asked({}), "certRequestPem")] },
  });
});
