import { describe } from "@jest/globals";
import type { PostgresRole } from "../pack/kubernetes.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { rolePrivileges } from "./role-privileges.ts";
import { cluster } from "./testing.ts";

const roles = (...all: readonly PostgresRole[]) => cluster({ managed: { roles: all } });
const plain = { superuser: false, createdb: false, createrole: false, replication: false, bypassrls: false };

describe("postgres-role-privileges", () => {
  itJudges(rolePrivileges, {
    passes: {
      "no roles": cluster({}),
      "plain roles": roles({ name: "synapse", ...plain }, { name: "metrics", inRoles: ["pg_monitor"] }),
      "the reader of the environment's own change capture": roles({
        name: "synapse_capture",
        ...plain,
        replication: true,
      }),
      "a role that is removed": roles({ name: "old", superuser: true, ensure: "absent" }),
    },
    fails: {
      "each privilege, of each role": [
        roles(
          { name: "a", superuser: true, bypassrls: true },
          { name: "b", createrole: true, createdb: true },
          { name: "c", replication: true },
        ),
        'role "a" has superuser, bypassrls',
        'role "b" has createrole, createdb',
        'role "c" has replication',
      ],
      "a way to become superuser": [
        roles({ name: "a", inRoles: ["pg_execute_server_program"] }),
        'role "a" is a member of pg_execute_server_program',
      ],
    },
    ignores: { "a database": object("Database", {}) },
    undecided: {
      "a privilege that is not known": withUnknown(
        roles({ name: "a", superuser: true }),
        "spec.managed.roles.0.superuser",
      ),
    },
  });

  describe("with a role that may replicate", () => {
    itJudges(rolePrivileges, {
      settings: { replicating: ["changes"] },
      passes: { "that role": roles({ name: "changes", replication: true }) },
      fails: {
        "another role": [roles({ name: "synapse", replication: true }), 'role "synapse" has replication'],
        "more than that": [roles({ name: "changes", replication: true, superuser: true }), "has superuser"],
      },
      ignores: {},
    });
  });
});
