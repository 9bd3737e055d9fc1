import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A certificate with its key, and whom it trusts, as Secrets of the environment have them. @param folder with `ca.crt`, `tls.crt` and `tls.key` */
export function readTls(folder: string) {
  const read = (name: string) => readFileSync(join(folder, name));
  return { ca: read("ca.crt"), cert: read("tls.crt"), key: read("tls.key") };
}
