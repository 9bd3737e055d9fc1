import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Line, LokiSettings } from "../../../tools/logs/loki.ts";
import { get, linesOf } from "../../../tools/logs/loki.ts";
import { logQuery, type Wanted } from "../../../tools/logs/query.ts";
import { eventually } from "../command.ts";
import { kubectl, objects, pods, type Secret } from "../kubectl.ts";
import { Monitoring } from "../monitoring.ts";
import { portForward } from "../port-forward.ts";
import { ask } from "../requests.ts";
import type { Stage } from "../stage.ts";

/** Whoever has looked may look for these: they are in no line, and in no metric. */
interface Planted {
  readonly body: string;
  readonly password: string;
  readonly token: string;
  readonly searched: string;
}

/** What every pod writes is kept and found, without what people write to each other and without their secrets. */
export function logs(stage: Stage): void {
  const { namespace } = stage;
  const namespaces = [namespace, `${namespace}-logs`, "cnpg-system"];
  const begun = Date.now();
  let reader: Omit<LokiSettings, "port">;

  /** Asks Loki as an operator does. Nothing that was planted is asked for: whoever hides the answer must not show the question. */
  async function asking<T>(question: (settings: LokiSettings) => Promise<T>): Promise<T> {
    const forward = await portForward(namespace, "service/loki", 3100);
    try {
      return await question({ port: forward.port, ...reader });
    } finally {
      forward.close();
    }
  }

  /** The last lines that fit. */
  const lines = (wanted: Wanted = {}): Promise<readonly Line[]> => asking((settings) => linesIn(settings, wanted));

  const linesIn = (settings: LokiSettings, wanted: Wanted) =>
    linesOf(settings, logQuery(wanted), { fromMs: begun - 3_600_000, toMs: Date.now(), limit: 5000 });

  const valuesOf = async (settings: LokiSettings, label: string): Promise<readonly string[]> =>
    JSON.parse(await get(settings, `/loki/api/v1/label/${label}/values?since=24h`)).data;

  /** The last lines of every part: those of all at once would be more than Loki gives at a time. */
  const everything = () =>
    asking(async (settings) => {
      const components = await valuesOf(settings, "component");
      return (await Promise.all(components.map((component) => linesIn(settings, { component })))).flat();
    });

  /** Pods that have written something. */
  async function writers(): Promise<readonly string[]> {
    const all = (await Promise.all(namespaces.map((each) => pods(each)))).flat();
    const said = await Promise.all(
      all.map(async ({ metadata: { name, namespace: where = "" } }) => {
        const text = await kubectl(["logs", "-n", where, name, "--all-containers", "--tail=1", "--ignore-errors"]);
        return text.trim() === "" ? [] : [name];
      }),
    );
    return said.flat();
  }

  describe("the logs", () => {
    beforeAll(async () => {
      const secrets = await objects<Secret>("secrets", "-n", namespace);
      const { data = {} } = secrets.find(({ metadata }) => metadata.name === "logs-reader") ?? {};
      const plain = (file: string) => Buffer.from(data[file] ?? "", "base64").toString();
      reader = {
        serverName: `loki.${namespace}.svc`,
        ...{ authority: plain("ca.crt"), certificate: plain("tls.crt"), key: plain("tls.key") },
      };
    });

    it("have what every pod of the environment writes, within a minute", async () => {
      const written = await writers();
      expect(written.length).toBeGreaterThan(8);
      const missing = () =>
        asking(async (settings) => {
          const kept = new Set(await valuesOf(settings, "pod"));
          return written.filter((pod) => !kept.has(pod));
        });
      await eventually("lines of every pod", 60, async () => ((await missing()).length === 0 ? true : undefined)).catch(
        () => undefined,
      );
      expect(await missing()).toEqual([]);
    });

    it("have each pod under the part that it belongs to", async () => {
      const components = await asking((settings) => valuesOf(settings, "component"));
      const written = new Set(await writers());
      const parts = (await pods(namespace)).flatMap(({ metadata: { name, labels = {} } }) =>
        written.has(name) && labels["cnpg.io/cluster"] === undefined ? (labels["app.kubernetes.io/name"] ?? []) : [],
      );
      expect(parts.length).toBeGreaterThan(5);
      expect(components).toEqual(expect.arrayContaining(parts));
    });

    it("find a request by its name and by its person, in the edge's lines and in Synapse's", async () => {
      const { user, password } = await stage.account("logs");
      const device = `LOGS${Date.now()}`;
      const { status } = await signIn(user, password, device);
      expect(status).toBe(200);
      const mxid = user.startsWith("@") ? user : `@${user}:${stage.domain}`;
      const line = await eventually("the sign-in to be found", 60, async () =>
        (await lines({ component: "synapse", user: mxid, text: device })).at(0),
      );
      const { request } = line.labels;
      expect(request).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
      const parts = await eventually("both parts to have the request", 60, async () => {
        const found = new Set((await lines({ request })).map(({ labels }) => labels.component));
        return found.size >= 2 ? found : undefined;
      });
      expect([...parts].sort()).toEqual(["edge", "synapse"]);
    });

    it("hold nothing of what was sent through the edge: neither what people write, nor their secrets", async () => {
      const planted: Planted = {
        body: `body-${randomUUID()}`,
        password: `password-${randomUUID()}`,
        token: `syt_cGxhbnRlZA_${randomUUID().replaceAll("-", "")}_0aBcDe`,
        searched: `searched-${randomUUID()}`,
      };
      await plant(planted);
      const marker = `marker-${randomUUID()}`;
      await ask(stage.urlOf(stage.homeserverHost, `/_matrix/client/v3/${marker}`), { caFile: stage.caFile });
      await eventually("what was asked last to be there", 60, async () =>
        (await lines({ component: "edge", text: marker })).at(0),
      );
      const kept = (await everything())
        .map(({ text, labels }) => [text, ...Object.values(labels)].join(" "))
        .join("\n");
      expect(kept.length).toBeGreaterThan(10_000);
      for (const secret of Object.values(planted)) expect(kept).not.toContain(secret);
      const monitoring = new Monitoring(namespace, stage.caFile);
      await monitoring.start();
      try {
        const series = JSON.stringify(await monitoring.query('{__name__=~".+"}'));
        expect(series.length).toBeGreaterThan(10_000);
        for (const secret of Object.values(planted)) expect(series).not.toContain(secret);
      } finally {
        monitoring.stop();
      }
    });
  });

  function signIn(user: string, password: string, device: string) {
    const identifier = { type: "m.id.user", user };
    return post("/_matrix/client/v3/login", { type: "m.login.password", identifier, password, device_id: device });
  }

  function post(path: string, body: object, token?: string, method = "POST") {
    const headers = {
      "content-type": "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const question = { caFile: stage.caFile, method, headers, body: JSON.stringify(body) };
    return ask(stage.urlOf(stage.homeserverHost, path), question);
  }

  /** Sends what must not be kept, by every way that clients have. */
  async function plant({ body, password, token, searched }: Planted): Promise<void> {
    const account = await stage.account("logs");
    const { access_token: own } = JSON.parse((await signIn(account.user, account.password, "PLANTS")).body);
    const { room_id: room } = JSON.parse((await post("/_matrix/client/v3/createRoom", {}, own)).body);
    const send = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${randomUUID()}`;
    const sent = await post(send, { msgtype: "m.text", body }, own, "PUT");
    expect(sent.status).toBe(200);
    expect((await signIn(account.user, password, "PLANTS")).status).toBe(403);
    const whoAmI = "/_matrix/client/v3/account/whoami";
    const { caFile } = stage;
    const inQuery = await ask(stage.urlOf(stage.homeserverHost, `${whoAmI}?access_token=${token}&q=${searched}`), {
      caFile,
    });
    expect(inQuery.status).toBe(401);
    const headers = { authorization: `Bearer ${token}` };
    expect((await ask(stage.urlOf(stage.homeserverHost, whoAmI), { caFile, headers })).status).toBe(401);
    // What is no JSON is complained about.
    const broken = { caFile, method: "PUT", headers: { authorization: `Bearer ${own}` }, body: `{"body": "${body}"` };
    expect((await ask(stage.urlOf(stage.homeserverHost, `${send}x`), broken)).status).toBe(400);
  }
}
