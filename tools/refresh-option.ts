/**
 * Prints `--refresh` where the embedded cluster is another one than the stack was deployed to: `make reset` removes the
 * cluster, of which the state knows nothing, and an update would find nothing to do. The keys, which lie in the state,
 * stay the same. `node tools/refresh-option.ts --stack dev`
 */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { dataFolder } from "../bootstrap/artifact.ts";
import { ask } from "../bootstrap/cluster/api.ts";
import { site } from "../bootstrap/cluster/site.ts";
import { stackEnvironment } from "./stack-settings.ts";
import { namespacesIn } from "./state-namespaces.ts";

const { values } = parseArgs({ options: { stack: { type: "string", default: "dev" } } });

if (stackEnvironment(values.stack).cluster.kind === "embedded") {
  const exported = execFileSync("pulumi", ["stack", "export", "--stack", values.stack], {
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  const here = site(dataFolder, process.env.ROOST_NETWORK);
  const found = await Promise.all(
    namespacesIn(JSON.parse(exported)).map((name) => ask(here, `/api/v1/namespaces/${name}`)),
  );
  if (found.includes(undefined)) {
    console.error("The cluster is another one than before: looking at what is left of the environment in it.");
    console.log("--refresh");
  }
}
