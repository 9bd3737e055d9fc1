import { clusterRule, isOn } from "./clusters.ts";

/**
 * Advisory: these lines are worth their volume only where something gathers logs and keeps them, which a database cannot
 * tell.
 */
export const auditLogging = clusterRule({
  id: "postgres-audit-logging",
  title: "PostgreSQL logs who connects, and what changes its objects",
  why: "After an intrusion the first questions are who came in from where, and which tables or roles were changed. What was not logged then cannot be found later.",
  fix: "Set the parameters `log_connections: on`, `log_disconnections: on` and `log_statement: ddl`, or `pgaudit.log`.",
  severity: "medium",
  enforcement: "advisory",
  controls: { nsa: ["audit/logging"], iso: ["A.8.15"], gbt: ["8.1.4.3 a)"] },
  check({ postgresql: { parameters = {} } = {} }, report) {
    const { log_connections: connections, log_disconnections: disconnections, log_statement: statement } = parameters;
    // Since version 18 it may also be a list of what is logged about a connection.
    const logsConnections =
      isOn(connections) === true || /^(?:all|receipt|authent|authoriz|setup)/.test(connections ?? "");
    const audits = /\b(?:all|ddl|role)\b/i.test(parameters["pgaudit.log"] ?? "");
    if (!logsConnections) report("log_connections is off: nobody learns who came in");
    if (isOn(disconnections) !== true) report("log_disconnections is off: nobody learns how long somebody stayed");
    if (!audits && !/^(?:ddl|mod|all)$/.test(statement ?? "")) {
      report("neither log_statement nor pgaudit.log records changes of tables and roles");
    }
  },
});
