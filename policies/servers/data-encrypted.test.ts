import { describe } from "@jest/globals";
import { edge, office, tower } from "../../components/servers/testing.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { dataEncrypted } from "./data-encrypted.ts";
import { machine } from "./testing.ts";

describe("servers-data-encrypted", () => {
  itJudges(dataEncrypted, {
    passes: { "an encrypted pool of data": machine(tower), "a machine that keeps nothing": machine(edge) },
    fails: {
      "data that anybody can read": [machine(office), "the pool system is not encrypted, and on it lie etcd, postgres"],
    },
    ignores: { "what is no machine": object("Service", { metadata: { name: "web" } }) },
    undecided: { "pools that are not known": withUnknown(machine(office), "description.storage.pools") },
  });
});
