import { expect, it } from "@jest/globals";
import { systemObjects } from "./manifests.ts";
import { site } from "./site.ts";

it("lets CoreDNS ask the machine's name servers about all else, and nobody where there are none", () => {
  const images = { coredns: "coredns@sha256:0", localPath: "local-path-provisioner@sha256:0" };
  const objects = (nameServers: readonly string[]) => JSON.stringify(systemObjects(site("/data"), images, nameServers));
  expect(objects(["192.0.2.53", "2001:db8::53"])).toContain("forward . 192.0.2.53 2001:db8::53 {");
  expect(objects([])).not.toContain("forward .");
});
