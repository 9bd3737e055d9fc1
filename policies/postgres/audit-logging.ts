import { clusterRule } from "./clusters.ts";

export const auditLogging = clusterRule({
  id: "postgres-audit-logging",
  title: "PostgreSQL logs what changes its tables and roles, and no passwords",
  why: "After an intrusion the first questions are which tables and roles were changed, and by whom. What was not logged then cannot be found later.",
  fix: "Set the parameters `log_statement: none` and `pgaudit.log: ddl, role`. CloudNativePG sets passwords by statement: pgAudit leaves them out of the log, `log_statement` does not.",
  severity: "medium",
  controls: { nsa: ["audit/logging"], iso: ["A.8.15"], gbt: ["8.1.4.3 a)"] },
  check({ postgresql: { parameters = {} } = {} }, report) {
    const statement = parameters.log_statement;
    const audits = /\b(?:all|ddl|role)\b/i.test(parameters["pgaudit.log"] ?? "");
    if (!audits) report("pgaudit.log does not record changes of tables and roles");
    if (/^(?:ddl|mod|all)$/.test(statement ?? "")) report(`log_statement is ${statement}: passwords get into the log`);
  },
});
