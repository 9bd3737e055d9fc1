/** All rules, by area. */
import { availability } from "./availability/index.ts";
import { backup } from "./backup/index.ts";
import { directory } from "./directory/index.ts";
import { identity } from "./identity/index.ts";
import { identityProvider } from "./identity-provider/index.ts";
import { im } from "./im/index.ts";
import { images } from "./images/index.ts";
import { kafka } from "./kafka/index.ts";
import { network } from "./network/index.ts";
import { observability } from "./observability/index.ts";
import type { Rule } from "./pack/rule.ts";
import { postgres } from "./postgres/index.ts";
import { secrets } from "./secrets/index.ts";
import { servers } from "./servers/index.ts";
import { tls } from "./tls/index.ts";
import { workloads } from "./workloads/index.ts";

export const rules: readonly Rule[] = [
  ...workloads,
  ...images,
  ...network,
  ...tls,
  ...secrets,
  ...identity,
  ...identityProvider,
  ...directory,
  ...postgres,
  ...kafka,
  ...im,
  ...availability,
  ...observability,
  ...backup,
  ...servers,
];
