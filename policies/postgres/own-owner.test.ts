import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { ownOwner } from "./own-owner.ts";
import { cluster } from "./testing.ts";

const first = (database: string, owner: string) => cluster({ bootstrap: { initdb: { database, owner } } });
const another = (name: string, owner: string, pg = "pg") =>
  object("Database", { metadata: { name, namespace: "chat" }, spec: { name, owner, cluster: { name: pg } } });

describe("postgres-own-owner", () => {
  itJudges(ownOwner, {
    passes: {
      "roles of their own": [first("synapse", "synapse"), another("keycloak", "keycloak")],
      "a database that is there already": [first("synapse", "synapse"), another("synapse", "synapse")],
      "the same role's name in another cluster": [another("a", "app"), another("b", "app", "other")],
      "what the operator makes unasked": [cluster({})],
    },
    fails: {
      "one role for two": [
        [first("synapse", "app"), another("keycloak", "app")],
        'database "keycloak" belongs to "app", as "synapse" does',
      ],
      "the superuser": [[another("synapse", "postgres")], 'database "synapse" belongs to the superuser'],
    },
    ignores: { "a stack without PostgreSQL": [object("Secret", {})] },
    undecided: { "an owner that is not known": [withUnknown(another("synapse", "a"), "spec.owner")] },
  });
});
