import { describe, expect, it } from "@jest/globals";
import { issueCertificate } from "../../issue-certificate.ts";
import { pods, python } from "../kubectl.ts";
import type { Stage } from "../stage.ts";
import { podNamed } from "./network.ts";

/** Signs in to PostgreSQL as Synapse does, but for what its arguments change. */
const PROGRAM = `
import glob, json, subprocess, sys
import psycopg2, yaml

database = {}
for file in glob.glob("/config/*.yaml") + glob.glob("/secrets/*.yaml"):
    with open(file) as content:
        database = (yaml.safe_load(content) or {}).get("database") or database
arguments = {key: value for key, value in database["args"].items() if not key.startswith("cp_")}
arguments.update(json.loads(sys.argv[1]))
if len(sys.argv) > 3:
    arguments["sslrootcert"] = "/tmp/another-authority.pem"
    with open(arguments["sslrootcert"], "w") as file:
        file.write(sys.argv[3])
try:
    connection = psycopg2.connect(**arguments)
    with connection.cursor() as cursor:
        cursor.execute(sys.argv[2])
        print(json.dumps({"rows": [[str(cell) for cell in row] for row in cursor.fetchall()]}))
except psycopg2.Error as error:
    print(json.dumps({"refused": str(error).strip()}))
`;

interface Question {
  readonly sql?: string;
  /** Verifies the server with this certificate instead of the environment's. */
  readonly authorityPem?: string;
}

interface Outcome {
  readonly rows?: readonly (readonly string[])[];
  readonly refused?: string;
}

/** PostgreSQL as the one that is wired to it finds it. */
export function database(stage: Stage): void {
  const query = async (
    changes: Readonly<Record<string, string>>,
    { sql = "SELECT 1", authorityPem }: Question = {},
  ): Promise<Outcome> => {
    const pod = podNamed(await pods(stage.namespace), "synapse").metadata.name;
    const authority = authorityPem === undefined ? [] : [authorityPem];
    return JSON.parse(
      await python({ namespace: stage.namespace, pod }, PROGRAM, JSON.stringify(changes), sql, ...authority),
    );
  };

  describe("PostgreSQL", () => {
    it("lets Synapse in over verified TLS, as the owner of one database and no superuser", async () => {
      const sql = `SELECT ssl.version, user, current_setting('is_superuser'), datcollate, datctype, pg_encoding_to_char(encoding)
        FROM pg_stat_ssl ssl, pg_database WHERE ssl.pid = pg_backend_pid() AND datname = current_database()`;
      expect(await query({}, { sql })).toEqual({ rows: [["TLSv1.3", "synapse", "off", "C", "C", "UTF8"]] });
    });

    it("refuses plain text", async () => {
      expect((await query({ sslmode: "disable" })).refused).toMatch(/pg_hba\.conf.*no encryption/s);
    });

    it("is refused by a client that has another certificate authority", async () => {
      const { certificatePem } = issueCertificate({ ca: true });
      const { refused } = await query({ sslmode: "verify-full" }, { authorityPem: certificatePem });
      expect(refused).toContain("certificate verify failed");
    });

    it("is refused by a client that looks for another name", async () => {
      const pod = podNamed(await pods(stage.namespace), "pg-");
      const { refused } = await query({ sslmode: "verify-full", host: pod.status.podIP ?? "" });
      expect(refused).toMatch(/does not match host name|server certificate for/);
    });

    it("refuses a wrong password", async () => {
      expect((await query({ password: "guessed" })).refused).toContain("password authentication failed");
    });

    it.each(["postgres", "template1"])("refuses Synapse's role in the database %s", async (name) => {
      expect((await query({ dbname: name })).refused).toMatch(/pg_hba\.conf|rejects connection/);
    });

    it("refuses the superuser", async () => {
      expect((await query({ user: "postgres" })).refused).toMatch(
        /pg_hba\.conf|rejects connection|authentication failed/,
      );
    });
  });
}
