/** Forgets what the run before measured, and installs what tests need beside the product. */
import { installPackages } from "../bootstrap/debian.ts";
import { clearFigures } from "./figures.ts";

clearFigures("e2e");
await installPackages({
  // A browser, and what tells it whom to trust.
  chromium: "chromium",
  "libnss3-tools": "certutil",
  "fonts-dejavu-core": "/usr/share/fonts/truetype/dejavu",
  haproxy: "haproxy",
  openssl: "openssl",
  curl: "curl",
});
