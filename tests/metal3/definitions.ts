/**
 * Metal3's custom resource definition, made of the types in its Go module by the generator that its releases use: the result
 * is the release's own file, byte for byte.
 */
import { createHash } from "node:crypto";
import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { artifact, run } from "../../bootstrap/artifact.ts";
import { goCommand } from "../../bootstrap/go.ts";

const version = "0.10.1";
/** Of `config/base/crds/bases/metal3.io_baremetalhosts.yaml` in the release of that version. */
const sha256 = "c0699daaf0d820bf063c3b508ddf960349d0a2b0a4916be86027237024973428";
const file = "metal3.io_baremetalhosts.yaml";
const generator = "sigs.k8s.io/controller-tools/cmd/controller-gen";
const types = "github.com/metal3-io/baremetal-operator/apis/metal3.io/v1alpha1";

/** Path of the definition of `BareMetalHost`, in YAML. */
export async function bareMetalHostDefinition(): Promise<string> {
  const folder = await artifact("metal3-definitions", version, async (made) => {
    const output = `output:crd:dir=${made}`;
    await run(await goCommand("1.23.0"), ["run", generator, "crd:allowDangerousTypes=true", `paths=${types}`, output], {
      cwd: join(__dirname, "definitions"),
      env: { GOFLAGS: "-mod=readonly", GOWORK: "off", GOTOOLCHAIN: "local", CGO_ENABLED: "0" },
    });
    const made256 = createHash("sha256")
      .update(readFileSync(join(made, file)))
      .digest("hex");
    if (made256 !== sha256)
      throw new Error(`${file} has the checksum ${made256}, not ${sha256}: it is not the release's`);
    renameSync(join(made, file), join(made, "baremetalhosts.yaml"));
  });
  return join(folder, "baremetalhosts.yaml");
}
