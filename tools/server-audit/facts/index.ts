/** Everything that is asked of a machine, and what is known after it has answered. */
import { accounts, authorizedKeys, groups, passwords, sudoRights } from "./accounts.ts";
import { arrayDetails, arrayStates, deviceLinks } from "./arrays.ts";
import { mappings } from "./encryption.ts";
import { type Answer, type Fact, type Observed, observed } from "./fact.ts";
import { packetFilter } from "./firewall.ts";
import { volumeGroups } from "./lvm.ts";
import { mounts, swaps } from "./mounts.ts";
import { interfaces, resolver, routes } from "./network.ts";
import { pendingUpdates } from "./packages.ts";
import { listeners } from "./sockets.ts";
import { audit, commandLine, lockdown, modules, sshd, sysctls, system, units } from "./system.ts";
import { clock, timeSources } from "./time.ts";

export type { Answer, Observed } from "./fact.ts";

const ASKED = {
  system,
  arrayStates,
  arrayDetails,
  deviceLinks,
  mappings,
  volumeGroups,
  mounts,
  swaps,
  interfaces,
  routes,
  resolver,
  clock,
  timeSources,
  packetFilter,
  listeners,
  pendingUpdates,
  accounts,
  groups,
  passwords,
  sudoRights,
  authorizedKeys,
  sshd,
  sysctls,
  commandLine,
  lockdown,
  modules,
  audit,
  units,
};

/** What is asked, without what is made of the answers. */
export type Question = Omit<Fact<unknown>, "parse">;

/** All questions, in the order in which they are asked. */
export const questions: readonly Question[] = Object.values(ASKED);

type Asked = typeof ASKED;

/** All that is known of a machine. */
export type Facts = {
  readonly [Name in keyof Asked]: Asked[Name] extends Fact<infer Value> ? Observed<Value> : never;
};

/** Understands what a machine answered, by the questions' names. */
export function factsOf(answers: ReadonlyMap<string, Answer>): Facts {
  const tell = <Value>(fact: Fact<Value>) => observed(fact, answers.get(fact.name));
  return {
    system: tell(system),
    arrayStates: tell(arrayStates),
    arrayDetails: tell(arrayDetails),
    deviceLinks: tell(deviceLinks),
    mappings: tell(mappings),
    volumeGroups: tell(volumeGroups),
    mounts: tell(mounts),
    swaps: tell(swaps),
    interfaces: tell(interfaces),
    routes: tell(routes),
    resolver: tell(resolver),
    clock: tell(clock),
    timeSources: tell(timeSources),
    packetFilter: tell(packetFilter),
    listeners: tell(listeners),
    pendingUpdates: tell(pendingUpdates),
    accounts: tell(accounts),
    groups: tell(groups),
    passwords: tell(passwords),
    sudoRights: tell(sudoRights),
    authorizedKeys: tell(authorizedKeys),
    sshd: tell(sshd),
    sysctls: tell(sysctls),
    commandLine: tell(commandLine),
    lockdown: tell(lockdown),
    modules: tell(modules),
    audit: tell(audit),
    units: tell(units),
  };
}
