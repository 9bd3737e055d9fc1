/** The embedded cluster's command line: `bootstrap/run node bootstrap/cluster/main.ts <command>`. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "../artifact.ts";
import { builderDown, builderUp, down, reset, status, up } from "./cluster.ts";
import { install } from "./install.ts";
import { leadNames } from "./names.ts";
import { site } from "./site.ts";

const here = site(dataFolder, process.env.ROOST_NETWORK);

const commands: Record<string, (...words: string[]) => unknown> = {
  install,
  up: () => up(here),
  down: () => down(here),
  status: () => status(here),
  reset: () => reset(here),
  names: (stack = "", ...names) => leadNames(here, stack, names),
  "builder up": () => builderUp(here),
  "builder down": () => builderDown(here),
};

const words = process.argv.slice(2);
const name = words.splice(0, words[0] === "builder" ? 2 : 1).join(" ");
const command = commands[name];
if (command === undefined || (name === "names") === (words.length === 0)) {
  console.error(`Usage: main.ts ${Object.keys(commands).join(" | ").replace("names", "names <stack> [name…]")}`);
  process.exitCode = 2;
} else if (process.env.ROOST_CLUSTER_LOCKED === undefined && name !== "status" && name !== "install") {
  // One command at a time changes a cluster. flock keeps the lock from what is started here and stays.
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const args = [
    "--close",
    join(dataFolder, "cluster.lock"),
    process.execPath,
    ...process.execArgv,
    ...process.argv.slice(1),
  ];
  const direct = [process.env.NO_PROXY ?? process.env.no_proxy ?? "", here.registry, ...Object.values(here.nodes)];
  const noProxy = direct.filter((entry) => entry !== "").join(",");
  const env = { ...process.env, ROOST_CLUSTER_LOCKED: "1", NO_PROXY: noProxy, no_proxy: noProxy };
  process.exitCode = spawnSync("flock", args, { stdio: "inherit", env }).status ?? 1;
} else {
  try {
    await command(...words);
  } catch (error) {
    console.error(error instanceof Error ? explain(error) : error);
    process.exitCode = 1;
  }
}

function explain(error: Error): string {
  return error.cause instanceof Error ? `${error.message}\n${explain(error.cause)}` : error.message;
}
