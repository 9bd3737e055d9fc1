/** Installs what tests need beside the product: a browser, what tells it whom to trust, and HAProxy for its own tests. */
import { existsSync } from "node:fs";
import { progress, run } from "../bootstrap/artifact.ts";

const programs: Readonly<Record<string, string>> = {
  "/usr/bin/chromium": "chromium",
  "/usr/bin/certutil": "libnss3-tools",
  "/usr/share/fonts/truetype/dejavu": "fonts-dejavu-core",
  "/usr/sbin/haproxy": "haproxy",
  "/usr/bin/openssl": "openssl",
  "/usr/bin/curl": "curl",
};

const missing = Object.entries(programs).flatMap(([path, name]) => (existsSync(path) ? [] : [name]));
if (missing.length > 0) {
  progress(`Debian packages for the tests: ${missing.join(", ")}…`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "--quiet"], { env });
  await run("apt-get", ["install", "--yes", "--quiet", "--no-install-recommends", ...missing], { env });
}
