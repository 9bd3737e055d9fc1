/** Flows of sign-in. Keycloak changes them step by step, in use: here, another content is another flow, bound when it is whole. */
import { createHash } from "node:crypto";
import type AuthenticationExecutionInfoRepresentation from "@keycloak/keycloak-admin-client/lib/defs/authenticationExecutionInfoRepresentation.js";
import type { Work } from "./reconcile.ts";
import type { Flow, Step } from "./specification.ts";

type Executions = readonly AuthenticationExecutionInfoRepresentation[];

/** Prefix of the aliases that are ours. */
const prefix = "roost ";

/** The aliases of the flows, by their names, each of which exists as it is declared. */
export async function reconcileFlows(
  work: Work,
  flows: Readonly<Record<string, Flow>>,
): Promise<ReadonlyMap<string, string>> {
  const { admin, changes } = work;
  const aliases = new Map<string, string>();
  const all = await admin.authenticationManagement.getFlows();
  for (const [name, flow] of Object.entries(flows)) {
    const alias = aliasOf(name, flow);
    const candidates = all.flatMap((each) => (isVersionOf(alias, each.alias ?? "") ? [each.alias ?? ""] : []));
    const existing = await firstThat(candidates, async (candidate) => isAs(flow, await stepsOf(work, candidate)));
    if (existing !== undefined) {
      aliases.set(name, existing);
      continue;
    }
    // What somebody changed by hand stays in use until another is whole: a version of its own, since names are taken.
    const made = candidates.length === 0 ? alias : `${alias} ${Date.now()}`;
    await makeFlow(work, made, flow);
    changes.tell(candidates.length === 0 ? "made" : "restored", `flow ${made}`);
    aliases.set(name, made);
  }
  return aliases;
}

/** Removes those flows of ours that are no longer declared. */
export async function removeUnusedFlows(work: Work, used: ReadonlyMap<string, string>): Promise<void> {
  const { admin, changes } = work;
  const wanted = new Set(used.values());
  for (const { id, alias = "", topLevel } of await admin.authenticationManagement.getFlows()) {
    if (id === undefined || !topLevel || !alias.startsWith(prefix) || wanted.has(alias)) continue;
    await admin.authenticationManagement.deleteFlow({ flowId: id });
    changes.tell("removed", `flow ${alias}`);
  }
}

/** The id of a flow. */
export async function flowId({ admin }: Work, alias: string): Promise<string> {
  const flow = (await admin.authenticationManagement.getFlows()).find((each) => each.alias === alias);
  if (flow?.id === undefined) throw new Error(`Keycloak has no flow "${alias}"`);
  return flow.id;
}

function aliasOf(name: string, flow: Flow): string {
  const fingerprint = createHash("sha256").update(JSON.stringify(flow)).digest("hex").slice(0, 8);
  return `${prefix}${name} ${fingerprint}`;
}

function isVersionOf(alias: string, found: string): boolean {
  return found === alias || (found.startsWith(`${alias} `) && /^\d+$/.test(found.slice(alias.length + 1)));
}

function isAs(flow: Flow, steps: readonly object[]): boolean {
  return JSON.stringify(steps) === JSON.stringify(flow.steps.map(plain));
}

async function firstThat(
  items: readonly string[],
  holds: (item: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const item of items) if (await holds(item)) return item;
  return undefined;
}

async function makeFlow(work: Work, alias: string, { steps }: Flow): Promise<void> {
  const { admin } = work;
  const topLevel = {
    alias,
    providerId: "basic-flow",
    topLevel: true,
    builtIn: false,
    description: "Made by the stack",
  };
  await admin.authenticationManagement.createFlow(topLevel);
  await addSteps(work, alias, alias, steps);
}

/** @param top the flow that all of them are in, of which Keycloak lists the executions */
async function addSteps(work: Work, top: string, parent: string, steps: readonly Step[]): Promise<void> {
  const { admin } = work;
  for (const step of steps) {
    if ("flow" in step) {
      // Aliases are unique in a realm.
      const alias = `${top}: ${step.flow}`;
      const description = step.flow;
      await admin.authenticationManagement.addFlowToFlow({
        flow: parent,
        alias,
        type: "basic-flow",
        provider: "",
        description,
      });
      await setRequirement(work, top, (each) => each.displayName === alias, step.requirement);
      await addSteps(work, top, alias, step.steps);
    } else {
      const { id } = await admin.authenticationManagement.addExecutionToFlow({
        flow: parent,
        provider: step.authenticator,
      });
      if (id === undefined) throw new Error(`Keycloak did not add ${step.authenticator} to the flow "${top}"`);
      await setRequirement(work, top, (each) => each.id === id, step.requirement);
      if (step.config !== undefined) {
        await admin.authenticationManagement.createConfig({ id, alias: `${top} ${id}`, config: step.config });
      }
    }
  }
}

async function setRequirement(
  { admin }: Work,
  flow: string,
  isIt: (execution: AuthenticationExecutionInfoRepresentation) => boolean,
  requirement: Step["requirement"],
): Promise<void> {
  const execution = (await admin.authenticationManagement.getExecutions({ flow })).find(isIt);
  if (execution === undefined) throw new Error(`Keycloak did not add a step to the flow "${flow}"`);
  await admin.authenticationManagement.updateExecution({ flow }, { ...execution, requirement });
}

/** The steps of a flow as it is in Keycloak, in the form of {@link plain}. */
async function stepsOf(work: Work, alias: string): Promise<object[]> {
  const executions: Executions = await work.admin.authenticationManagement.getExecutions({ flow: alias });
  const read = async (level: number, from: number): Promise<[object[], number]> => {
    const steps: object[] = [];
    let index = from;
    while (index < executions.length) {
      const execution = executions[index];
      if (execution === undefined || (execution.level ?? 0) < level) break;
      index += 1;
      const { requirement = "" } = execution;
      if (execution.authenticationFlow) {
        const [below, next] = await read(level + 1, index);
        index = next;
        steps.push({ flow: execution.displayName?.slice(`${alias}: `.length), requirement, steps: below });
      } else {
        const config = await configOf(work, execution.authenticationConfig);
        steps.push({ authenticator: execution.providerId, requirement, ...(config && { config }) });
      }
    }
    return [steps, index];
  };
  const [steps] = await read(0, 0);
  return steps;
}

async function configOf({ admin }: Work, id: string | undefined): Promise<object | undefined> {
  if (id === undefined) return undefined;
  return sorted((await admin.authenticationManagement.getConfig({ id })).config ?? {});
}

/** A step with its keys in the order in which {@link stepsOf} writes them. */
function plain(step: Step): object {
  const { requirement } = step;
  if ("flow" in step) return { flow: step.flow, requirement, steps: step.steps.map(plain) };
  return { authenticator: step.authenticator, requirement, ...(step.config && { config: sorted(step.config) }) };
}

function sorted(config: object): object {
  return Object.fromEntries(Object.entries(config).sort(([one], [other]) => (one < other ? -1 : 1)));
}
