/** Lines as the environment's programs write them, for tests: what is planted in them must be found nowhere. */

/** What is planted. None of it is a word that a program writes itself. */
export const planted = {
  accessToken: "syt_YWRh_PlantedAccessTokenXyz_1aBcDe",
  refreshToken: "syr_PlantedRefreshToken0123456789",
  loginToken: "syl_PlantedLoginToken_Q1w2e3",
  bearer: "Planted.Opaque-Bearer/Token==",
  webToken: "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJQbGFudGVkIn0.c2lnbmF0dXJlUGxhbnRlZA",
  password: "Planted-correct-horse-battery",
  body: 'Planted: it\'s a \\"secret\\" word',
  code: "planted-code.0123-4567.matrix",
  state: "planted-state-42",
  cookie: "PlantedSession=abc123",
  searched: "PlantedSearchTerm",
  row: "PlantedRowValue",
  clientSecret: "PlantedClientSecret",
} as const;

export interface WrittenLine {
  /** Which program, and what it tells of. */
  readonly title: string;
  readonly pod: string;
  readonly container: string;
  readonly line: string;
  /** What of it must be found again. */
  readonly found: {
    readonly component: string;
    readonly level: "debug" | "info" | "warn" | "error";
    readonly user?: string;
    readonly request?: string;
    /** Text that is kept. */
    readonly text: string;
  };
}

const p = planted;
const ada = "@ada:roost.test";
const request = "0b0c8a4e-3f55-4f7e-9a3f-0d6f1a2b3c4d";
const synapse = { pod: "synapse-0", container: "synapse" };
const postgres = { pod: "pg-1", container: "postgres" };
const keycloak = { pod: "keycloak-0", container: "keycloak" };

/** A line of Synapse's TerseJsonFormatter. */
function synapseLine(log: string, fields: object = {}): string {
  return JSON.stringify({
    log,
    namespace: "synapse.handlers.auth",
    level: "INFO",
    time: 1764450000.25,
    request: `PUT-${request}`,
    ...fields,
  });
}

/** A line of PostgreSQL, as CloudNativePG's instance manager wraps it. */
function postgresLine(record: object, fields: object = {}): string {
  return JSON.stringify({
    ...{ level: "info", ts: "2026-11-29T23:30:00Z", logger: "postgres", msg: "record", logging_pod: "pg-1", ...fields },
    record: { log_time: "2026-11-29 23:30:00.000 UTC", user_name: "synapse", database_name: "synapse", ...record },
  });
}

/** A line of Keycloak's JSON console. */
function keycloakLine(message: string, level = "INFO"): string {
  const logger = { loggerClassName: "org.jboss.logging.Logger", loggerName: "org.keycloak.events" };
  return JSON.stringify({ timestamp: "2026-11-29T23:30:00Z", sequence: 7, ...logger, level, message, mdc: {} });
}

export const writtenLines: readonly WrittenLine[] = [
  {
    title: "Synapse tells of a person's request, with its address",
    ...synapse,
    line: synapseLine(`Logging in user ${ada} on device ABCDEF`, {
      ...{ requester: ada, authenticated_entity: ada, method: "PUT" },
      url: `/_matrix/client/v3/search?access_token=${p.accessToken}&term=${p.searched}`,
    }),
    found: { component: "synapse", level: "info", user: ada, request, text: "on device ABCDEF" },
  },
  {
    title: "Synapse writes down what it was sent, as Python does",
    ...synapse,
    line: synapseLine(
      `Got login request with identifier: {'type': 'm.id.user', 'user': 'ada'}, {'password': '${p.password}', 'token': "${p.loginToken}'s"}`,
    ),
    found: { component: "synapse", level: "info", request, text: "Got login request" },
  },
  {
    title: "Synapse fails at a message, and shows it",
    ...synapse,
    line: synapseLine(
      `Failed to persist {"type": "m.room.message", "content": {"msgtype": "m.text", "body": "${p.body}"}}`,
      { level: "ERROR", requester: ada },
    ),
    found: { component: "synapse", level: "error", user: ada, request, text: "m.room.message" },
  },
  {
    title: "Synapse fails at a message with an apostrophe, and shows it as Python does",
    ...synapse,
    line: synapseLine(
      `Failed to persist {'msgtype': 'm.text', 'body': "${p.body}", 'format': 'x'} in !room:roost.test`,
      {
        level: "ERROR",
      },
    ),
    found: { component: "synapse", level: "error", request, text: "in !room:roost.test" },
  },
  {
    title: "Synapse warns, with headers",
    ...synapse,
    line: synapseLine(`Refused ${ada}, who sent Authorization: Bearer ${p.bearer}`, { level: "WARNING" }),
    found: { component: "synapse", level: "warn", user: ada, request, text: `Refused ${ada}` },
  },
  {
    title: "the edge tells of a request",
    pod: "edge-6c9f8d7b5c-x2v4w",
    container: "haproxy",
    line: `{"time":1764450000.250,"id":"${request}","client":"192.0.2.7","tls":"TLSv1.3","host":"chat.roost.test","method":"PUT","path":"/_matrix/client/v3/rooms/!a:roost.test/send/m.room.message/1","status":200,"received":812,"sent":345,"backend":"synapse.roost.svc:8443","retries":"0","responseMs":12,"totalMs":14,"end":"--"}`,
    found: { component: "edge", level: "info", request, text: "/send/m.room.message/1" },
  },
  {
    title: "PostgreSQL refuses a row, and shows the statement",
    ...postgres,
    line: postgresLine({
      error_severity: "ERROR",
      message: 'duplicate key value violates unique constraint "event_json_pkey"',
      detail: `Key (event_id)=(${p.row}) already exists.`,
      query: `INSERT INTO event_json (json) VALUES ('{"body": "${p.body}"}')`,
    }),
    found: { component: "pg", level: "error", text: "violates unique constraint" },
  },
  {
    title: "PostgreSQL finds a statement slow",
    ...postgres,
    line: postgresLine({
      error_severity: "LOG",
      message: `duration: 5012.3 ms  statement: UPDATE users SET name = '${p.row}' WHERE x = 1`,
    }),
    found: { component: "pg", level: "info", text: "duration: 5012.3 ms" },
  },
  {
    title: "PostgreSQL cannot read a value",
    ...postgres,
    line: postgresLine({ error_severity: "ERROR", message: `invalid input syntax for type integer: "${p.row}"` }),
    found: { component: "pg", level: "error", text: "invalid input syntax" },
  },
  {
    title: "PostgreSQL's audit shows a statement",
    ...postgres,
    line: postgresLine(
      {
        error_severity: "LOG",
        audit: { class: "ROLE", statement: `ALTER ROLE x PASSWORD '${p.password}'`, parameter: "" },
      },
      { logger: "pgaudit" },
    ),
    found: { component: "pg", level: "info", text: "ALTER ROLE x" },
  },
  {
    title: "Keycloak tells of a sign-in",
    ...keycloak,
    line: keycloakLine(
      `type="LOGIN", realmName="roost", clientId="matrix", userId="7d1", redirect_uri="https://matrix.roost.test/_synapse/client/oidc/callback?code=${p.code}&state=${p.state}", code_id="8f2", username="ada"`,
    ),
    found: { component: "keycloak", level: "info", user: "ada", text: "_synapse/client/oidc/callback" },
  },
  {
    title: "Keycloak warns, with a token",
    ...keycloak,
    line: keycloakLine(`Refused client_secret=${p.clientSecret}, id_token_hint=${p.webToken}`, "WARN"),
    found: { component: "keycloak", level: "warn", text: "Refused" },
  },
  {
    title: "a service of the environment's own tells of a change",
    pod: "directory-sync-7c5d9f6b8d-tz9xk",
    container: "directory-sync",
    line: JSON.stringify({
      ...{ time: "2026-11-29T23:30:00.000Z", level: "error", kind: "log", message: "Synapse refused", user: ada },
      answer: `{"access_token":"${p.accessToken}","refresh_token":"${p.refreshToken}"}`,
    }),
    found: { component: "directory-sync", level: "error", user: ada, text: "Synapse refused" },
  },
  {
    title: "Prometheus warns",
    pod: "prometheus-0",
    container: "prometheus",
    line: `time=2026-11-29T23:30:00.000Z level=WARN source=scrape.go:1 msg="Scrape failed" target=https://10.0.0.1:9443/m?token=${p.bearer}`,
    found: { component: "prometheus", level: "warn", text: "Scrape failed" },
  },
  {
    title: "kube-state-metrics complains",
    pod: "kube-state-metrics-5d8f7c9b4d-7xk2p",
    container: "kube-state-metrics",
    line: 'E1129 23:30:00.000000       1 reflector.go:200] "Failed to watch" err="pods is forbidden"',
    found: { component: "kube-state-metrics", level: "error", text: "Failed to watch" },
  },
  {
    title: "the web client's server warns, with a cookie",
    pod: "web-5b7c8d9f6c-lq4zd",
    container: "web",
    line: `2026/11/29 23:30:00 [warn] 7#7: *1 client sent header "Cookie: ${p.cookie}" while reading`,
    found: { component: "web", level: "warn", text: "client sent header" },
  },
  {
    title: "the directory tells of a search",
    pod: "directory-0",
    container: "slapd",
    line: '692b3c10.0f1e2d3c 0x7f8a conn=1007 op=1 SRCH base="ou=people,dc=roost,dc=test" scope=2 deref=0 filter="(uid=ada)"',
    found: { component: "directory", level: "info", text: "filter=" },
  },
];

/** What is planted, as any of the programs may have spelt it. */
export function traces(text: string): readonly string[] {
  const words = [...Object.values(planted), 'secret\\" word', "PlantedAccess", "Planted"];
  return words.filter((word) => text.includes(word));
}
