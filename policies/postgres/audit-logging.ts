import { clusterRule, isOn } from "./clusters.ts";

export const auditLogging = clusterRule({
  id: "postgres-audit-logging",
  title: "PostgreSQL logs who connects and what changes its objects, and no passwords",
  why: "After an intrusion the first questions are who came in from where, and which tables or roles were changed. What was not logged then cannot be found later.",
  fix: "Set the parameters `log_connections: on`, `log_disconnections: on`, `log_statement: none` and `pgaudit.log: ddl, role`. CloudNativePG sets passwords by statement: pgAudit leaves them out of the log, `log_statement` does not.",
  severity: "medium",
  controls: { nsa: ["audit/logging"], iso: ["A.8.15"], gbt: ["8.1.4.3 a)"] },
  check({ postgresql: { parameters = {} } = {} }, report) {
    const { log_connections: connections, log_disconnections: disconnections, log_statement: statement } = parameters;
    // Since version 18 it may also be a list of what is logged about a connection.
    const logsConnections =
      isOn(connections) === true || /^(?:all|receipt|authent|authoriz|setup)/.test(connections ?? "");
    const audits = /\b(?:all|ddl|role)\b/i.test(parameters["pgaudit.log"] ?? "");
    if (!logsConnections) report("log_connections is off: nobody learns who came in");
    if (isOn(disconnections) !== true) report("log_disconnections is off: nobody learns how long somebody stayed");
    if (!audits) report("pgaudit.log does not record changes of tables and roles");
    if (/^(?:ddl|mod|all)$/.test(statement ?? "")) report(`log_statement is ${statement}: passwords get into the log`);
  },
});
