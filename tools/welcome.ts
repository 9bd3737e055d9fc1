/** What `make up` ends with: where the environment is, and how the first sign-in is made. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { dataFolder } from "../bootstrap/artifact.ts";

interface StackOutputs {
  readonly url: string;
  readonly homeserver: string;
  readonly certificateAuthority: string;
}

const { values } = parseArgs({ options: { stack: { type: "string", default: "dev" } } });
const outputs: StackOutputs = JSON.parse(
  execFileSync("pulumi", ["stack", "output", "--json", "--stack", values.stack], { encoding: "utf8" }),
);
mkdirSync(dataFolder, { recursive: true });
const certificate = join(dataFolder, `${values.stack}-ca.pem`);
writeFileSync(certificate, outputs.certificateAuthority);

console.log(`
The environment is up.

  web client    ${outputs.url}
  homeserver    ${outputs.homeserver}
  trust         ${certificate} (import it into the browser's certificate authorities)
  add people    make user NAME=ada
  administrator bootstrap/run pulumi stack output administrator --show-secrets --stack ${values.stack}
`);
