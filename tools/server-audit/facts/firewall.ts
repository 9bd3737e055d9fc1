import { z } from "zod";
import type { Fact } from "./fact.ts";

/** A chain of a packet filter: where it hooks in, what it does at its end, and its rules in one normal form. */
export interface Chain {
  readonly hook?: string;
  readonly policy?: string;
  readonly rules: readonly string[];
}

/** Chains of table `inet roost`, by name. Empty where there is no such table. */
export type Table = ReadonlyMap<string, Chain>;

/** Only tables of the family that the file has: those of kube-proxy and the network plugin can be very large. */
export const packetFilter: Fact<Table> = {
  name: "packet-filter",
  program: "nft",
  asRoot: true,
  command: "nft --json list ruleset inet",
  parse: (output) => loadedTable(ruleset.parse(JSON.parse(output)).nftables),
};

const TABLE = "roost";

const owned = { family: z.string(), table: z.string() };
const ruleset = z.object({
  nftables: z.array(
    z.union([
      z.object({
        chain: z.object({ ...owned, name: z.string(), hook: z.string().optional(), policy: z.string().optional() }),
      }),
      z.object({ rule: z.object({ ...owned, chain: z.string(), expr: z.array(z.record(z.string(), z.unknown())) }) }),
      z.record(z.string(), z.unknown()),
    ]),
  ),
});

type Entry = z.output<typeof ruleset>["nftables"][number];

function loadedTable(entries: readonly Entry[]): Table {
  const table = new Map<string, Chain>();
  for (const entry of entries) {
    const made = chainEntry.safeParse(entry);
    if (made.success && isOurs(made.data.chain)) {
      const { name, hook, policy } = made.data.chain;
      table.set(name, { ...(hook !== undefined && { hook }), ...(policy !== undefined && { policy }), rules: [] });
    }
    const ruled = ruleEntry.safeParse(entry);
    if (ruled.success && isOurs(ruled.data.rule)) {
      const { chain, expr } = ruled.data.rule;
      const before = table.get(chain) ?? { rules: [] };
      table.set(chain, { ...before, rules: [...before.rules, normalRule(expr.map(expressionText).join(" "))] });
    }
  }
  return table;
}

const [chainEntry, ruleEntry] = ruleset.shape.nftables.element.options;

function isOurs({ family, table }: { readonly family: string; readonly table: string }): boolean {
  return family === "inet" && table === TABLE;
}

/** The chains of a file that is written as `components/servers/firewall.ts` writes it. */
export function writtenTable(file: string): Table {
  const table = new Map<string, Chain>();
  for (const [, name = "", body = ""] of file.matchAll(/^ {2}chain (\S+) \{\n([\s\S]*?)^ {2}\}/gm)) {
    const [head = "", ...rules] = body.split("\n").flatMap((line) => line.trim() || []);
    const [, hook, policy] = /^type filter hook (\S+) .*policy (\S+);$/.exec(head) ?? [];
    table.set(name, {
      ...(hook !== undefined && { hook }),
      ...(policy !== undefined && { policy }),
      rules: rules.map(normalRule),
    });
  }
  return table;
}

/** One text for rules that do the same: nft leaves out what is implied, and orders sets as it likes. */
export function normalRule(rule: string): string {
  const text = rule
    .replace(/ comment "[^"]*"/, "")
    .replace(/\{([^}]*)\}/g, (_, elements: string) => setText(elements.split(",").map((each) => each.trim())))
    .replaceAll('"', "")
    .replace(/meta l4proto (tcp|udp)\b/, (_, protocol) => `meta l4proto ${protocol === "tcp" ? 6 : 17}`)
    // What nft assumes where nothing is said.
    .replace(/ burst 5 packets/, "");
  return / ip6? [sd]addr /.test(` ${text}`) ? text.replace(/meta nfproto ipv[46] /, "") : text;
}

function setText(elements: readonly string[]): string {
  const [first = ""] = elements;
  return elements.length === 1 && !first.includes(" : ") ? first : `{ ${[...elements].sort().join(", ")} }`;
}

/** @source https://www.mankier.com/5/libnftables-json. What is not known here is shown as it came, and so differs. */
function expressionText(expression: Readonly<Record<string, unknown>>): string {
  const read = expressions.safeParse(expression);
  if (!read.success) return JSON.stringify(expression);
  const one = read.data;
  if ("accept" in one) return "accept";
  if ("drop" in one) return "drop";
  if ("counter" in one) return `counter name ${one.counter}`;
  if ("limit" in one) {
    const { rate, per, burst } = one.limit;
    return `limit rate ${rate}/${per}${burst === undefined ? "" : ` burst ${burst} packets`}`;
  }
  if ("log" in one) return `log prefix ${one.log.prefix} level ${one.log.level}`;
  if ("vmap" in one) {
    const verdicts = one.vmap.data.set.map(([key, verdict]) => `${key} : ${Object.keys(verdict).join("")}`);
    return `${leftText(one.vmap.key)} vmap { ${verdicts.join(", ")} }`;
  }
  const { op, left, right } = one.match;
  return `${leftText(left)}${op === "==" ? "" : ` ${op}`} ${rightText(right)}`;
}

const element = z.union([
  z.string(),
  z.number(),
  z.object({ prefix: z.object({ addr: z.string(), len: z.number() }) }),
  z.object({ range: z.tuple([z.union([z.string(), z.number()]), z.union([z.string(), z.number()])]) }),
]);
const leftSide = z.union([
  z.object({ meta: z.object({ key: z.string() }) }),
  z.object({ payload: z.object({ protocol: z.string(), field: z.string() }) }),
  z.object({ ct: z.object({ key: z.string(), dir: z.string().optional() }) }),
]);
const rightSide = z.union([element, z.object({ set: z.array(element) })]);
const expressions = z.union([
  z.strictObject({ match: z.strictObject({ op: z.string(), left: leftSide, right: rightSide }) }),
  z.strictObject({ accept: z.null() }),
  z.strictObject({ drop: z.null() }),
  z.strictObject({ counter: z.string() }),
  z.strictObject({ limit: z.strictObject({ rate: z.number(), per: z.string(), burst: z.number().optional() }) }),
  z.strictObject({ log: z.strictObject({ prefix: z.string(), level: z.string().default("warn") }) }),
  z.strictObject({
    vmap: z.strictObject({
      key: leftSide,
      data: z.strictObject({ set: z.array(z.tuple([z.string(), z.record(z.string(), z.null())])) }),
    }),
  }),
]);

/** Keys of `meta` that are written without it. */
const PLAIN_META = ["iifname", "oifname"];

function leftText(left: z.output<typeof leftSide>): string {
  if ("meta" in left) return PLAIN_META.includes(left.meta.key) ? left.meta.key : `meta ${left.meta.key}`;
  if ("payload" in left) return `${left.payload.protocol} ${left.payload.field}`;
  return `ct ${left.ct.dir === undefined ? "" : `${left.ct.dir} `}${left.ct.key}`;
}

function rightText(right: z.output<typeof rightSide>): string {
  return typeof right === "object" && "set" in right
    ? `{ ${right.set.map(elementText).join(", ")} }`
    : elementText(right);
}

function elementText(each: z.output<typeof element>): string {
  if (typeof each !== "object") return `${each}`;
  return "prefix" in each ? `${each.prefix.addr}/${each.prefix.len}` : each.range.join("-");
}
