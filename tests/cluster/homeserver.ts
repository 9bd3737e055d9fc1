/** What the homeserver's database says, asked as the homeserver itself would. */
import { podNamed, pods, python } from "./kubectl.ts";

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

export interface Question {
  readonly sql?: string;
  /** Verifies the server with this certificate instead of the environment's. */
  readonly authorityPem?: string;
}

export interface Outcome {
  readonly rows?: readonly (readonly string[])[];
  readonly refused?: string;
}

export async function homeserverQuery(
  namespace: string,
  changes: Readonly<Record<string, string>>,
  { sql = "SELECT 1", authorityPem }: Question = {},
): Promise<Outcome> {
  const pod = podNamed(await pods(namespace), "synapse").metadata.name;
  const authority = authorityPem === undefined ? [] : [authorityPem];
  return JSON.parse(await python({ namespace, pod }, PROGRAM, JSON.stringify(changes), sql, ...authority));
}

/** What is behind the accounts and rooms that clients see. */
export class Homeserver {
  private readonly namespace: string;
  private readonly domain: string;

  constructor(namespace: string, domain: string) {
    this.namespace = namespace;
    this.domain = domain;
  }

  /** @param alias localpart of the room's alias */
  async roomOf(alias: string): Promise<{ readonly roomId: string }> {
    const [[roomId] = []] = await this.rows(
      `SELECT room_id FROM room_aliases WHERE room_alias = '#${alias}:${this.domain}'`,
    );
    if (roomId === undefined) throw new Error(`there is no room #${alias}:${this.domain}`);
    return { roomId };
  }

  async membersOf(alias: string): Promise<readonly string[]> {
    const { roomId } = await this.roomOf(alias);
    const rows = await this.rows(
      `SELECT user_id FROM local_current_membership WHERE room_id = '${roomId}' AND membership = 'join'`,
    );
    return rows.flat();
  }

  /** Whether somebody is a server administrator. */
  async administers(userId: string): Promise<boolean> {
    return (await this.rows(`SELECT admin FROM users WHERE name = '${userId}'`)).flat()[0] === "1";
  }

  private async rows(sql: string): Promise<readonly (readonly string[])[]> {
    const { rows, refused } = await homeserverQuery(this.namespace, {}, { sql });
    if (rows === undefined) throw new Error(`the database refused: ${refused}`);
    return rows;
  }
}
