/** Loki and the collector as processes, with the environment's configuration: what is kept, what is found, and what is not. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { stringify } from "yaml";
import { attempt, eventually } from "../../../tests/cluster/command.ts";
import { recordFigure } from "../../../tests/figures.ts";
import { freePort } from "../../../tests/free-port.ts";
import { get, type Line, type LokiSettings, linesOf } from "../../../tools/logs/loki.ts";
import { logQuery, type Wanted } from "../../../tools/logs/query.ts";
import { Files } from "../../edge/testing.ts";
import { NODE_LOGS, peerNamed } from "../../network/index.ts";
import { askText, localised, type Places, Program, placesOf, programOf } from "../testing.ts";
import { collectorConfig, collectorData, collectorPorts } from "./collector/config.ts";
import { planted, traces, type WrittenLine, writtenLines } from "./collector/lines.ts";
import { collectorFile, collectorWorkload } from "./collector/spec.ts";
import { indexLabels, lokiConfig, lokiData, lokiPorts } from "./loki/config.ts";
import { lokiFile, lokiHosts, lokiWorkload } from "./loki/spec.ts";

jest.setTimeout(300_000);

const files = new Files();
const podLogs = join(files.folder, "pods");
const caConfigMap = "roost-ca";
const hosts = lokiHosts("roost", 2);
const lokiSizing = { replicas: 2, cpus: 0.1, memoryMiB: 320, storageGiB: 1, retentionDays: 30 };
const collectorSizing = { replicas: 1, cpus: 0.05, memoryMiB: 128, bufferMiB: 16 };

/** One Loki of the environment, on ports of its own here. */
class TestLoki {
  readonly settings: LokiSettings;
  private readonly places: Places;
  private program: Program | undefined;

  private constructor(places: Places, port: number) {
    this.places = places;
    const pair = files.issue(`reader-${port}`, ["reader"]);
    this.settings = {
      ...{ port, serverName: "loki.roost.svc", authority: readFileSync(files.caFile, "utf8") },
      certificate: readFileSync(pair, "utf8"),
      key: readFileSync(pair.replace(/crt$/, "key"), "utf8"),
    };
  }

  static async create(name: string, host: string): Promise<TestLoki> {
    const data = join(files.folder, name, "data");
    const places = { ...placesOf(files, name, [host, "loki.roost.svc"]), [lokiData]: data };
    mkdirSync(data, { recursive: true });
    const port = await freePort();
    const ports = new Map<number, number>([
      [lokiPorts.http, port],
      [lokiPorts.grpc, await freePort()],
    ]);
    const text = stringify(lokiConfig(lokiSizing)).replace(
      /_listen_port: (\d+)/g,
      (_, number) => `_listen_port: ${ports.get(Number(number))}`,
    );
    writeFileSync(localised(`/etc/roost/${lokiFile}`, places), localised(text, places));
    return new TestLoki(places, port);
  }

  get configurationFile(): string {
    return localised(`/etc/roost/${lokiFile}`, this.places);
  }

  async start(): Promise<void> {
    const peer = peerNamed("loki", "roost");
    const storage = { kind: "scratch", sizeMiB: 1 } as const;
    const spec = lokiWorkload({ peer, image: "", sizing: lokiSizing, spread: "preferred", storage });
    this.program = await Program.start("loki", spec, this.places, {});
    await eventually("Loki to be ready", 60, () => get(this.settings, "/ready").catch(() => undefined)).catch(
      (error) => {
        throw new Error(`${error}\n${this.program?.log}`);
      },
    );
  }

  stop(signal?: "SIGKILL"): Promise<void> | undefined {
    return this.program?.stop(signal);
  }

  lines(wanted: Wanted = {}): Promise<readonly Line[]> {
    const nowMs = Date.now();
    return linesOf(this.settings, logQuery(wanted), { fromMs: nowMs - 3_600_000, toMs: nowMs + 60_000, limit: 5000 });
  }

  /** How many lines have the text, those that were sent twice among them. */
  async count(text: string): Promise<number> {
    const parameters = new URLSearchParams({ query: logQuery({ text }), limit: "5000", since: "1h" });
    const { data } = JSON.parse(await get(this.settings, `/loki/api/v1/query_range?${parameters}`));
    return data.result.flatMap(({ values }: { values: unknown[] }) => values).length;
  }
}

let lokis: readonly TestLoki[] = [];
let collector: Program | undefined;
let collectorPlaces: Places = {};
let metricsPort = 0;

let writes = 0;

/** Writes a line as containerd does, into the file of a container, at a nanosecond of its own. */
function write({ pod, container, line }: Pick<WrittenLine, "pod" | "container" | "line">, namespace = "roost"): void {
  const file = join(podLogs, `${namespace}_${pod}_5f0e2f8c-0d0c-4c5e-9d3e-0123456789ab`, container, "0.log");
  mkdirSync(dirname(file), { recursive: true });
  writes += 1;
  const time = new Date().toISOString().replace("Z", `${`${writes}`.padStart(6, "0")}Z`);
  // What is long comes in parts.
  const [first, rest] = [line.slice(0, 200), line.slice(200)];
  if (rest !== "") appendFileSync(file, `${time} stdout P ${first}\n`);
  appendFileSync(file, `${time} stdout F ${rest === "" ? first : rest}\n`);
}

async function startCollector(): Promise<void> {
  const peer = peerNamed("log-collector", "roost-logs");
  const spec = collectorWorkload({ peer, image: "", sizing: collectorSizing, lokis: 2, caConfigMap });
  collector = await Program.start("otel-collector", spec, collectorPlaces, {});
  await eventually("the collector's metrics", 60, () =>
    askText(files.caFile, metricsPort, "/metrics").catch(() => undefined),
  ).catch((error) => {
    throw new Error(`${error}\n${collector?.log}`);
  });
}

beforeAll(async () => {
  const names = ["loki-0", "loki-1"] as const;
  lokis = await Promise.all(names.map((name, at) => TestLoki.create(name, hosts[at] ?? "")));
  metricsPort = await freePort();
  const ports = { [collectorPorts.metrics]: metricsPort, [collectorPorts.health]: await freePort() };
  collectorPlaces = {
    ...placesOf(files, "log-collector", ["log-collector.roost-logs.svc"]),
    [NODE_LOGS]: podLogs,
    [collectorData]: join(files.folder, "collector-data"),
    ...Object.fromEntries(Object.entries(ports).map(([there, here]) => [`0.0.0.0:${there}`, `127.0.0.1:${here}`])),
    [`127.0.0.1:${collectorPorts.own}`]: `127.0.0.1:${await freePort()}`,
    ...Object.fromEntries(
      hosts.map((host, at) => [`https://${host}:${lokiPorts.http}`, `https://localhost:${lokis[at]?.settings.port}`]),
    ),
  };
  const configuration = collectorConfig({
    ...collectorSizing,
    namespaces: ["roost", "roost-logs"],
    lokis: hosts,
    caConfigMap,
  });
  writeFileSync(
    localised(`/etc/roost/${collectorFile}`, collectorPlaces),
    localised(stringify(configuration), collectorPlaces),
  );
});

afterAll(async () => {
  await Promise.all([collector?.stop(), ...lokis.map((loki) => loki.stop())]);
  files.remove();
});

const both = <T>(question: (loki: TestLoki) => Promise<T>) => Promise.all(lokis.map(question));

describe("the configuration", () => {
  it("is accepted by Loki itself, with its retention", async () => {
    const program = await programOf("loki", "loki");
    const file = lokis[0]?.configurationFile ?? "";
    const { code, stderr } = await attempt(program, [`-config.file=${file}`, "-verify-config"]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const broken = files.write(
      "broken.yml",
      readFileSync(file, "utf8").replace("delete_request_store", "no_such_store"),
    );
    expect((await attempt(program, [`-config.file=${broken}`, "-verify-config"])).code).not.toBe(0);
  });

  it("is accepted by the collector itself", async () => {
    const program = await programOf("otel-collector", "/otelcol-contrib");
    const file = localised(`/etc/roost/${collectorFile}`, collectorPlaces);
    const { code, stderr } = await attempt(program, ["validate", `--config=file:${file}`]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });
});

describe("logs", () => {
  beforeAll(async () => {
    await Promise.all(lokis.map((loki) => loki.start()));
    for (const each of writtenLines) write(each);
    write({ pod: "shop-0", container: "shop", line: "A line of somebody else" }, "elsewhere");
    const begun = Date.now();
    await startCollector();
    await eventually("every line to be in both", 60, async () => {
      const counts = await both(async (loki) => (await loki.lines()).length);
      return counts.every((count) => count >= writtenLines.length) ? true : undefined;
    }).catch(async (error) => {
      throw new Error(
        `${error}\n${collector?.log}\n${JSON.stringify(await lokis[0]?.lines(), (_, value) => (typeof value === "bigint" ? `${value}` : value))}`,
      );
    });
    recordFigure("e2e", "logs_found_seconds", {
      value: (Date.now() - begun) / 1000,
      unit: "s",
      n: 1,
      note: "from the collector's start to lines of every program in two Lokis",
    });
  });

  it.each(writtenLines.map((each) => [each.title, each] as const))("%s: is found by what it is", async (_, written) => {
    const { component, level, user, request, text } = written.found;
    for (const loki of lokis) {
      const found = await loki.lines({ component, level, text });
      expect(found).toHaveLength(1);
      expect(found[0]?.labels).toMatchObject({
        ...{ namespace: "roost", component, level, pod: written.pod, container: written.container },
        ...(user !== undefined && { user }),
        ...(request !== undefined && { request }),
      });
    }
  });

  it("are found by person and by request, over all programs", async () => {
    const byPerson = await lokis[0]?.lines({ user: "ada" });
    const components = new Set(byPerson?.map(({ labels }) => labels.component));
    expect([...components].sort()).toEqual(["directory-sync", "keycloak", "synapse"]);
    const request = writtenLines[0]?.found.request;
    const byRequest = new Set((await lokis[0]?.lines({ request }))?.map(({ labels }) => labels.component));
    expect([...byRequest].sort()).toEqual(["edge", "synapse"]);
  });

  it("are of the environment alone", async () => {
    expect(await lokis[0]?.lines({ text: "somebody else" })).toEqual([]);
    expect(new Set((await lokis[0]?.lines())?.map(({ labels }) => labels.namespace))).toEqual(new Set(["roost"]));
  });

  it("have few labels, whatever programs write", async () => {
    const { data } = JSON.parse(await get(lokiAt(0).settings, "/loki/api/v1/labels"));
    expect(data.filter((label: string) => !label.startsWith("__")).sort()).toEqual([...indexLabels].sort());
  });

  it("hold nothing that was planted: not in a line, not in a label, not in a metric, not on the collector's disk", async () => {
    for (const loki of lokis) {
      const lines = await loki.lines();
      const text = lines.map((line) => [line.text, ...Object.values(line.labels)].join(" ")).join("\n");
      expect(text).toContain("<removed>");
      expect(traces(text)).toEqual([]);
      expect(traces(await get(loki.settings, "/metrics"))).toEqual([]);
    }
    expect(traces(await askText(files.caFile, metricsPort, "/metrics"))).toEqual([]);
    const words = Object.values(planted).flatMap((word) => ["-e", word]);
    const folder = localised(collectorData, collectorPlaces);
    expect((await attempt("grep", ["-rlF", ...words, folder])).stdout).toBe("");
    expect((await attempt("grep", ["-rlF", ...words, podLogs])).stdout).not.toBe("");
  });

  it("are for those alone who show a certificate of the authority", async () => {
    const { port } = lokiAt(0).settings;
    await expect(askText(files.caFile, port, "/loki/api/v1/labels")).rejects.toThrow(
      /certificate required|ECONNRESET|socket/,
    );
    const other = new Files();
    const pair = other.issue("reader", ["reader"]);
    const stranger = {
      ...lokiAt(0).settings,
      certificate: readFileSync(pair, "utf8"),
      key: readFileSync(pair.replace(/crt$/, "key"), "utf8"),
    };
    await expect(get(stranger, "/loki/api/v1/labels")).rejects.toThrow(/unknown ca|bad certificate|ECONNRESET|socket/);
    other.remove();
  });

  it("wait for a Loki that is away, over a start of the collector, and hold up no other", async () => {
    const say = (text: string) =>
      write({ pod: "synapse-0", container: "synapse", line: JSON.stringify({ log: text }) });
    await lokiAt(1).stop("SIGKILL");
    say("While one was away");
    await eventually("the other to have it", 30, async () =>
      (await lokiAt(0).count("While one")) > 0 ? true : undefined,
    );
    await collector?.stop("SIGKILL");
    say("While nobody collected");
    await startCollector();
    await eventually("the other to have that too", 30, async () =>
      (await lokiAt(0).count("While nobody")) > 0 ? true : undefined,
    );
    await lokiAt(1).start();
    await eventually("both to have all", 90, async () => ((await lokiAt(1).count("While")) >= 2 ? true : undefined));
    // It went on where it had stopped: nothing is there twice.
    for (const loki of lokis) {
      expect(await loki.count("While one was away")).toBe(1);
      expect(await loki.count("While nobody collected")).toBe(1);
      expect(await loki.count("on device ABCDEF")).toBe(1);
    }
  });
});

function lokiAt(at: number): TestLoki {
  const loki = lokis[at];
  if (loki === undefined) throw new Error(`There is no Loki ${at}`);
  return loki;
}
