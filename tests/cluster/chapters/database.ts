import { describe, expect, it } from "@jest/globals";
import { issueCertificate } from "../../issue-certificate.ts";
import type { Question } from "../homeserver.ts";
import { homeserverQuery } from "../homeserver.ts";
import { podNamed, pods } from "../kubectl.ts";
import type { Stage } from "../stage.ts";

/** PostgreSQL as the one that is wired to it finds it. */
export function database(stage: Stage): void {
  const query = (changes: Readonly<Record<string, string>>, question?: Question) =>
    homeserverQuery(stage.namespace, changes, question);

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
