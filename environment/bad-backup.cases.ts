/** Hostile settings of the object store, for the same tests as the others. */
import { issueCertificate } from "../tests/issue-certificate.ts";
import type { BadSetting } from "./bad-settings.cases.ts";

const store = (settings: object) => ({ "roost:backup": JSON.stringify({ store: settings }) });
const external = {
  ...{ kind: "external", endpoint: "https://s3.roost.test", cidrs: ["10.2.0.21/32"] },
  ...{ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "letmein-letmein" },
};
const S = "backup.store";

export const badBackup: readonly BadSetting[] = [
  {
    title: "an object store of a kind that is none",
    config: store({ kind: "minio" }),
    path: `${S}.kind`,
    given: '"minio"',
    remedy: 'write "none", or another of these',
  },
  {
    title: "keys of an object store of the environment's own, which makes them itself",
    config: store({ kind: "embedded", secretAccessKey: "letmein" }),
    path: `${S}.secretAccessKey`,
    remedy: 'choose kind "external"',
    hidden: "letmein",
  },
  {
    title: "an object store without a volume",
    config: store({ kind: "embedded", storageGiB: 0 }),
    path: `${S}.storageGiB`,
    given: "0",
    remedy: "write 1 or more",
  },
  {
    title: "an object store in plain text",
    config: store({ ...external, endpoint: "http://s3.roost.test" }),
    path: `${S}.endpoint`,
    given: '"http://s3.roost.test"',
    remedy: "https://",
  },
  {
    title: "an object store at a port that cannot be one",
    config: store({ ...external, endpoint: "https://s3.roost.test:99999" }),
    path: `${S}.endpoint`,
    given: '"https://s3.roost.test:99999"',
    remedy: "write the port that the server listens on",
  },
  {
    title: "an object store that is everywhere",
    config: store({ ...external, cidrs: ["0.0.0.0/0"] }),
    path: `${S}.cidrs.0`,
    given: '"0.0.0.0/0"',
    remedy: "write the address of each server with /32",
  },
  {
    title: "an object store whose place is not known",
    config: store({ ...external, cidrs: undefined }),
    path: `${S}.cidrs`,
    remedy: "10.2.0.21/32",
  },
  {
    title: "an object store's secret key in plain text",
    config: store(external),
    path: `${S}.secretAccessKey`,
    given: "in plain text",
    remedy: "pulumi config set --secret --path roost:backup.store.secretAccessKey",
    hidden: "letmein",
  },
  {
    title: "a server's certificate in the place of the object store's authority",
    config: store({ ...external, caPem: issueCertificate({ hosts: ["s3.roost.test"] }).certificatePem }),
    path: `${S}.caPem`,
    given: "which is no authority's",
    remedy: "write the authority's certificate",
  },
  {
    title: "names of buckets that no store would take",
    config: store({ ...external, bucketPrefix: "Chat_" }),
    path: `${S}.bucketPrefix`,
    given: '"Chat_"',
    remedy: "example-org-chat-",
  },
];
