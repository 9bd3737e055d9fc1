import type { Problem } from "../../messages/problems.ts";
import { shown } from "../../messages/wording.ts";
import type { PartPlan } from "../../plan.ts";
import { planOf } from "../../plan.ts";
import { failuresOf } from "../../servers/failures.ts";
import {
  type LocalVolume,
  placesOf,
  type StoringPart,
  type StoringServer,
  sizeGiB,
} from "../../servers/local-volumes.ts";
import { storageOf } from "../../servers/resolve-storage.ts";
import type { ServerSettings } from "../../settings/servers/index.ts";
import { rule } from "../rule.ts";
import { type Described, described, isSound } from "./machines.ts";

const NAMES: Readonly<Record<StoringPart, string>> = { postgres: "PostgreSQL", media: "Synapse's media" };

/** Machines describe no volume for a directory: an organisation with racks of its own has one. */
const NO_PLACE_FOR_DIRECTORY: Problem = {
  path: "identity.directory.kind",
  given: '"embedded", on volumes of the described machines',
  allowed: '"external", or a storage class that has room for the directory',
  remedy: "set roost:cluster.storageClass, or read the organisation's own directory",
};

/** A machine with its place in the settings and its complete storage. */
type Storing = Described & StoringServer;

/** Whether what the environment keeps has a place on the machines' own volumes, where no other class is asked for. */
export const placeRules = [
  rule(
    [
      "servers",
      "cluster",
      "availability",
      "users",
      "postgres",
      "im",
      "identity",
      "kafka",
      "backup",
      "archive",
      "observability",
    ],
    (settings) => {
      const { servers, cluster, im, availability, identity } = settings;
      if (cluster.kind !== "kubeconfig" || cluster.storageClass !== undefined || im.engine !== "matrix") return [];
      const machines = described(servers);
      // What is wrong with a pool is said elsewhere.
      if (machines.length === 0 || !machines.every(({ machine }) => isSound(servers, machine))) return [];
      const storing = machines.map((each): Storing => {
        const { rack, powerFeeds, role } = each.machine;
        return { ...each, role, failureDomains: { rack, powerFeeds }, storage: storageOf(servers, each.machine) };
      });
      const plan = planOf({ ...settings, im });
      const apart = availability === "ha" && servers.survive === "rack";
      return [
        ...problemsOf("postgres", plan.postgres, storing, servers),
        ...problemsOf("media", plan.synapse, storing, servers),
        ...(apart ? domainProblems(placesOf(storing, "postgres"), plan.postgres.replicas) : []),
        ...(identity.kind === "sso" && identity.directory.kind === "embedded" ? [NO_PLACE_FOR_DIRECTORY] : []),
      ];
    },
  ),
];

function problemsOf(
  part: StoringPart,
  plan: PartPlan,
  storing: readonly Storing[],
  servers: ServerSettings,
): Problem[] {
  const places = placesOf(storing, part);
  if (places.length === 0)
    return [
      {
        path: "servers.machines",
        given: `no volume for ${NAMES[part]}`,
        allowed: `a volume with the purpose "${part}" on a machine that runs pods, or another storage class`,
        remedy: `add "${part}" to a layout's volumes, or set roost:cluster.storageClass`,
      },
    ];
  const least = plan.storageGiB ?? 0;
  const small = places.filter((volume) => sizeGiB(volume) < least);
  const problems = small.map((volume): Problem => {
    const { path, said } = settingOf(volume, servers);
    return {
      path,
      given: said ?? `${sizeGiB(volume)} GiB for ${volume.purpose}`,
      allowed: `a volume of ${least} GiB or more: ${NAMES[part]} is planned to need so much on ${volume.server.name}`,
      remedy: `write ${least} or more, or use larger disks (\`make plan\` shows what is asked for)`,
    };
  });
  return problems.filter(({ path }, at) => problems.findIndex((each) => each.path === path) === at);
}

/** The setting that a volume has its size from. */
function settingOf({ server, purpose }: LocalVolume<Storing>, { layouts }: ServerSettings) {
  const { layout = "" } = server.machine;
  for (const [pool, { volumes }] of Object.entries(layouts[layout]?.pools ?? {})) {
    const size = volumes?.[purpose]?.sizeGiB;
    if (size !== undefined)
      return { path: `servers.layouts.${layout}.pools.${pool}.volumes.${purpose}.sizeGiB`, said: shown(size) };
  }
  return { path: `${server.path}.disks` };
}

/**
 * Instances keep out of each other's racks, so that each needs a rack of its own; and a power feed may take no more than one
 * of these along, or those that are left could no longer acknowledge a commit.
 */
function domainProblems(places: readonly LocalVolume<Storing>[], instances: number): Problem[] {
  const servers = places.map(({ server }) => server);
  const racks = racksOf(servers);
  const feeds = failuresOf(servers).filter(({ kind }) => kind === "power feed");
  if (places.length < instances) return [];
  if (racks.length < instances)
    return [
      {
        path: `${servers.at(-1)?.path}.rack`,
        given: `volumes for PostgreSQL in ${racks.join(", ")} alone`,
        allowed: `${instances} racks or more: no two of ${instances} instances may fail together`,
        remedy: "put machines with such volumes into further racks, or write roost:servers.survive server",
      },
    ];
  return feeds.flatMap(({ name, servers: lost }): Problem[] => {
    const [, second] = lost;
    if (second === undefined || racksOf(lost).length < 2) return [];
    return [
      {
        path: `${second.path}.powerFeeds`,
        given: shown(second.machine.powerFeeds),
        allowed: `another power feed beside ${name}: with it fail places of PostgreSQL in ${racksOf(lost).join(", ")}, which is more than one instance`,
        remedy: "give these machines two feeds each, or write roost:servers.survive server",
      },
    ];
  });
}

function racksOf(servers: readonly Storing[]): string[] {
  return [...new Set(servers.map(({ failureDomains }) => failureDomains.rack))].sort();
}
