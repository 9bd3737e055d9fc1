import { z } from "zod";
import { each, withSettings } from "../pack/rule.ts";
import { clusterRule } from "./clusters.ts";

const privileges = ["superuser", "createrole", "createdb", "replication", "bypassrls"] as const;

/** Who is in these becomes superuser at will. @source https://www.postgresql.org/docs/17/predefined-roles.html */
const asGoodAsSuperuser = ["postgres", "pg_execute_server_program", "pg_read_server_files", "pg_write_server_files"];

export const rolePrivileges = withSettings(
  z.strictObject({
    replicating: z
      .array(z.string())
      .default(["synapse_capture"])
      .describe("Roles that may replicate. The environment's own change capture has the one by default."),
  }),
  ({ replicating }) =>
    clusterRule({
      id: "postgres-role-privileges",
      title: "Roles of applications have no privileges beyond their databases",
      why: "A superuser, or who may make one, is not held back by anything in the database. An application that is broken into gives away what its role may do.",
      fix: "Remove the privilege: the owner of a database needs none of them.",
      severity: "high",
      controls: { iso: ["A.8.2", "A.8.3"], gbt: ["8.1.4.2 d)"] },
      check({ managed: { roles = [] } = {} }, report) {
        each(roles, (role) => {
          if (role.ensure === "absent") return;
          const held = privileges.filter(
            (privilege) =>
              role[privilege] === true && !(privilege === "replication" && replicating.includes(role.name)),
          );
          if (held.length > 0) report(`role "${role.name}" has ${held.join(", ")}`);
          const member = asGoodAsSuperuser.filter((name) => role.inRoles?.includes(name));
          if (member.length > 0) report(`role "${role.name}" is a member of ${member.join(", ")}`);
        });
      },
    }),
);
