import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { broker, others } from "./testing.ts";
import { tlsOnly } from "./tls-only.ts";

const ssl = { listeners: "CLIENT://:9093,BROKER://:9094", "ssl.client.auth": "required" };
const map = (client: string) => ({ "listener.security.protocol.map": `CLIENT:${client},BROKER:SSL` });

describe("kafka-tls-only", () => {
  itJudges(tlsOnly, {
    passes: {
      "certificates of both sides": broker({ ...ssl, ...map("SSL") }),
      "passwords over TLS": broker({ ...ssl, ...map("SASL_SSL"), "listener.name.broker.ssl.client.auth": "required" }),
      "a listener that is called by its protocol": broker({ listeners: "SSL://:9093", "ssl.client.auth": "required" }),
    },
    fails: {
      "Kafka's default": [broker({}), "a listener PLAINTEXT of PLAINTEXT, which is no TLS"],
      "a plain one beside it": [broker({ ...ssl, ...map("PLAINTEXT") }), "a listener CLIENT of PLAINTEXT"],
      "passwords in plain text": [broker({ ...ssl, ...map("SASL_PLAINTEXT") }), "CLIENT of SASL_PLAINTEXT"],
      "no certificate of clients": [
        broker({ ...ssl, ...map("SSL"), "listener.name.client.ssl.client.auth": "none" }),
        "a listener CLIENT that asks clients for no certificate",
      ],
      "names that are not checked": [
        broker({ ...ssl, ...map("SSL"), "ssl.endpoint.identification.algorithm": "" }),
        "any certificate of the authority for any node's",
      ],
    },
    ignores: others,
  });
});
