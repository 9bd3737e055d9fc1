/** Pure: the Job that lets a reader of changes read tables. */
import type { JobSpec, Peer } from "../network/index.ts";
import { configMapMount, secretMount } from "../network/index.ts";

/** The account in the image `postgres`. */
const postgresUser = 26;

/** File with the statements, in the Job's ConfigMap of the same name as itself. */
export const grantsFile = "grants.sql";

const paths = { grants: "/grants", authority: "/authority", password: "/password" } as const;

export interface GrantsJobArgs {
  readonly peer: Peer;
  /** Image `postgres`, by digest. */
  readonly image: string;
  /** The database, as its owner. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
    readonly passwordSecretName: string;
    readonly passwordKey: string;
    readonly caConfigMap: string;
  };
}

export function grantsJob({ peer, image, connection }: GrantsJobArgs): JobSpec {
  const { host, port, database, user, passwordSecretName, passwordKey, caConfigMap } = connection;
  return {
    peer,
    kind: "Job",
    // The operator makes the reader's role a moment after the cluster is ready.
    backoffLimit: 4,
    userId: postgresUser,
    groupId: postgresUser,
    containers: [
      {
        name: "grants",
        image,
        command: ["sh", "-euc"],
        args: [
          `PGPASSWORD=$(cat ${paths.password}/${passwordKey}) exec psql --no-psqlrc --set ON_ERROR_STOP=1 --file ${paths.grants}/${grantsFile}`,
        ],
        env: {
          PGHOST: host,
          PGPORT: String(port),
          PGDATABASE: database,
          PGUSER: user,
          PGSSLMODE: "verify-full",
          PGSSLROOTCERT: `${paths.authority}/ca.crt`,
        },
        cpus: 0.05,
        memoryMiB: 64,
        mounts: [
          configMapMount("grants", paths.grants, peer.name),
          configMapMount("authority", paths.authority, caConfigMap),
          secretMount("password", paths.password, passwordSecretName, [passwordKey]),
        ],
      },
    ],
  };
}
