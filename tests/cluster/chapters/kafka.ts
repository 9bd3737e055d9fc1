import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { imEvent } from "../../../services/im-events/event.ts";
import { WebBrowser } from "../browser.ts";
import { type CommandResult, eventually, timed } from "../command.ts";
import { apply, attemptIn, isReady, kubectl, podNamed, pods } from "../kubectl.ts";
import type { Person } from "../matrix.ts";
import type { Stage } from "../stage.ts";

/** Namespace of programs that read and write, which are nobody's business but their own. */
export const programsOf = (namespace: string) => `${namespace}-programs`;
/** Pod of a user of Kafka, in that namespace, and its labels. */
export const podOf = (user: string) => `kafka-${user}`;
export const podLabelsOf = (user: string) => ({ "app.kubernetes.io/name": podOf(user) });

/** The setting `kafka`, with a user whose pod the chapter starts. @param environment its namespace */
export function kafkaSettings(environment: string) {
  const tester = { namespace: programsOf(environment), podLabels: podLabelsOf(TESTER) };
  return {
    kind: "embedded",
    storageGiB: 2,
    changeCapture: { kind: "on", partitions: 3 },
    topics: { [OWN]: { partitions: 3 }, "tests.other": {} },
    users: { [TESTER]: { read: [OWN, CAPTURED, EVENTS], write: [OWN], ...tester } },
  };
}

const TESTER = "tester";
/** Topic of the program that reads and writes. */
const OWN = "tests.own";
/** Topic of the homeserver's rows, as they are captured, and of the events that are made of them. */
const CAPTURED = "synapse.public.event_json";
const EVENTS = "im.events";
const java = ["java", "-Xmx96m", "-cp", "/opt/kafka/libs/*"];

/** Makes the namespace of somebody else's programs, which is there before the environment gives them anything. */
export function kafkaPrograms(stage: Stage): void {
  beforeAll(() => apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: programsOf(stage.namespace) } }));
}

/** Kafka as a program of somebody else finds it. @param brokers how many there are */
export function kafka(stage: Stage, brokers: number): void {
  const tool = toolOf(stage, brokers, TESTER);
  const write = writerOf(stage, brokers, TESTER);
  const read = (topic: string, group: string, count: number) =>
    tool("consumer.ConsoleConsumer", [
      ...["--topic", topic, "--consumer.config", "/tmp/client.properties", "--group", group],
      ...["--from-beginning", "--max-messages", `${count}`, "--timeout-ms", "60000"],
    ]);

  let attempts = 0;
  /** The line with key and value of the record that has the text in it, when there is one. */
  const recordIn = (topic: string, text: string) =>
    eventually(`${text} in ${topic}`, 240, async () => {
      attempts += 1;
      const { stdout } = await tool("consumer.ConsoleConsumer", [
        ...["--topic", topic, "--consumer.config", "/tmp/client.properties", "--group", `tester.${attempts}`],
        ...["--from-beginning", "--timeout-ms", "10000", "--property", "print.key=true"],
      ]);
      return stdout.split("\n").find((line) => line.includes(text));
    });

  describe("Kafka", () => {
    afterAll(() => kubectl(["delete", "namespace", programsOf(stage.namespace), "--ignore-not-found"]));

    it("has nodes that are all ready", async () => {
      const nodes = (await pods(stage.namespace)).filter(({ metadata }) =>
        /^kafka(-controller)?-\d+$/.test(metadata.name),
      );
      expect(nodes).toHaveLength(brokers === 1 ? 1 : brokers + 3);
      expect(nodes.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata.name)).toEqual([]);
    });

    it("lets a program of somebody else write and read what it was given", async () => {
      await startTester(stage, TESTER);
      expect(await write(OWN, ["one", "two", "three"])).toMatchObject({
        code: 0,
        stderr: expect.not.stringContaining("ERROR"),
      });
      const { stdout } = await read(OWN, "tester.first", 3);
      expect(stdout.match(/^(one|two|three)$/gm)?.sort()).toEqual(["one", "three", "two"]);
    }, 300_000);

    it("refuses it another topic, and another's group", async () => {
      expect(said(await write("tests.other", ["x"]))).toMatch(/TopicAuthorizationException/);
      expect(said(await read(OWN, "archive", 1))).toMatch(/GroupAuthorizationException/);
    }, 300_000);

    it("has what somebody has just written, though nobody has told Kafka of it", async () => {
      const ada = await clientOf(stage, "ada");
      const roomId = await makeRoom(ada, "Captured");
      const { eventId } = await ada.ask("say", { roomId, body: "to be kept" });
      const record = await recordIn(CAPTURED, eventId);
      expect(record).toContain(JSON.stringify({ room_id: roomId }));
      expect(record).toContain("to be kept");
      const [room, event = ""] = (await recordIn(EVENTS, eventId)).split("\t");
      expect(room).toBe(roomId);
      expect(imEvent.parse(JSON.parse(event))).toMatchObject({
        ...{ id: eventId, room: roomId, kind: "message", encrypted: false },
        content: { body: "to be kept" },
      });
    }, 600_000);

    it("has changed nothing when it is brought up again", async () => {
      const log = await kubectl(["logs", "-n", stage.namespace, "job/kafka-topics"]);
      expect(log).toContain(`made topic ${OWN} of 3 partitions`);
      await stage.stack.up("--expect-no-changes", "--suppress-outputs");
    });

    if (brokers >= 3) {
      it("keeps what it has acknowledged when a broker dies, and goes on", async () => {
        const { seconds } = await timed(async () => {
          await kubectl(["delete", "pod", "-n", stage.namespace, "kafka-1", "--grace-period=0", "--force"]);
          expect((await write(OWN, ["four"])).code).toBe(0);
        });
        stage.record("kafka_outage_seconds", { value: seconds, unit: "s", n: 1, note: "with the client's own start" });
        const { stdout } = await read(OWN, "tester.second", 4);
        expect(stdout.match(/^(one|two|three|four)$/gm)).toHaveLength(4);
        await eventually("the broker to be ready again", 300, async () =>
          isReady(podNamed(await pods(stage.namespace), "kafka-1")) ? true : undefined,
        );
      }, 600_000);

      it("restarts one broker after the other, with all its copies in sync", async () => {
        await kubectl(["rollout", "restart", "-n", stage.namespace, "statefulset/kafka"]);
        await kubectl(["rollout", "status", "-n", stage.namespace, "statefulset/kafka", "--timeout=900s"]);
        const { stdout } = await read(OWN, "tester.third", 4);
        expect(stdout.match(/^(one|two|three|four)$/gm)).toHaveLength(4);
      }, 1_200_000);
    }

    it("follows its settings: a topic has more partitions, and a user a right less", async () => {
      const settings: Readonly<Record<string, unknown>> = stage.settings;
      const now = settings.kafka as ReturnType<typeof kafkaSettings>;
      const topics = { ...now.topics, [OWN]: { partitions: 5 } };
      const users = { [TESTER]: { ...now.users[TESTER], write: [] } };
      stage.stack.configure({ ...settings, kafka: { ...now, topics, users } });
      await stage.stack.up();
      const log = await kubectl(["logs", "-n", stage.namespace, "job/kafka-topics"]);
      expect(log).toContain(`topic ${OWN} has 5 partitions, not 3`);
      expect(log).toContain(`removed rule User:${TESTER}: ALLOW WRITE TOPIC ${OWN}`);
      const { stdout } = await read(OWN, "tester.last", 3);
      expect(stdout.match(/^(one|two|three|four)$/gm)).toHaveLength(3);
    }, 600_000);
  });
}

/** Somebody's client, signed in by the way that people have here. */
export async function clientOf(stage: Stage, name: string): Promise<Person> {
  if (!("identity" in stage.settings)) return stage.signIn(name);
  const browser = await WebBrowser.start(stage.caFile);
  try {
    return await stage.signInElsewhere(name, browser);
  } finally {
    await browser.close();
  }
}

/** Somebody who is new has the rights of their groups when these were looked up, seconds later. */
export async function makeRoom(person: Person, name: string, invite: string[] = []): Promise<string> {
  const { roomId } = await eventually(`a room of ${name}`, 60, () =>
    person.ask("createRoom", { name, invite, encrypted: false }).catch(() => undefined),
  );
  return roomId;
}

/** Runs Kafka's own programs in the pod of a user. */
function toolOf(stage: Stage, brokers: number, user: string) {
  const servers = Array.from({ length: brokers }, (_, n) => `kafka-${n}.kafka.${stage.namespace}.svc:9093`).join(",");
  const place = { namespace: programsOf(stage.namespace), pod: podOf(user) };
  return (program: string, args: readonly string[], input?: string) =>
    attemptIn(place, [...java, `org.apache.kafka.tools.${program}`, "--bootstrap-server", servers, ...args], input);
}

/** Writes records, one of each value, in the pod of a user. @param properties of the producer, beside the account */
export function writerOf(stage: Stage, brokers: number, user: string, properties: readonly string[] = []) {
  const tool = toolOf(stage, brokers, user);
  const more = ["acks=all", ...properties].flatMap((property) => ["--producer-property", property]);
  return (topic: string, values: readonly string[]) =>
    tool(
      "ConsoleProducer",
      ["--topic", topic, "--producer.config", "/tmp/client.properties", ...more],
      `${values.join("\n")}\n`,
    );
}

/** The pod of a user, which nothing is wired to but by the settings, with the certificate that these gave it. */
export async function startTester(stage: Stage, user: string): Promise<void> {
  const environment = stage.namespace;
  const [namespace, name, labels] = [programsOf(environment), podOf(user), podLabelsOf(user)];
  const broker = podNamed(await pods(environment), "kafka-0");
  await apply(
    {
      // Its own egress is its owner's to allow.
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name, namespace },
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ["Egress"],
        egress: [
          {
            to: [
              {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": environment } },
                podSelector: { matchLabels: { "app.kubernetes.io/name": "kafka" } },
              },
            ],
            ports: [{ protocol: "TCP", port: 9093 }],
          },
          // Names.
          {
            to: [
              {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
                podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
              },
            ],
          },
        ],
      },
    },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, labels },
      spec: {
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 0,
        securityContext: {
          ...{ runAsNonRoot: true, runAsUser: 1001, runAsGroup: 1001, fsGroup: 1001 },
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name: "tester",
            image: broker.spec.containers.find((each) => each.name === "kafka")?.image,
            command: ["sh", "-c", `printf '${properties}' >/tmp/client.properties; exec sleep 36000`],
            resources: { requests: { cpu: "10m", memory: "256Mi" }, limits: { memory: "384Mi" } },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
              readOnlyRootFilesystem: true,
            },
            volumeMounts: [
              { name: "tls", mountPath: "/tls", readOnly: true },
              { name: "tmp", mountPath: "/tmp" },
            ],
          },
        ],
        volumes: [
          { name: "tls", secret: { secretName: `kafka-user-${user}`, defaultMode: 0o440 } },
          { name: "tmp", emptyDir: { sizeLimit: "32Mi" } },
        ],
      },
    },
  );
  await kubectl(["wait", "--for=condition=Ready", "-n", namespace, `pod/${name}`, "--timeout=120s"]);
}

/** All that a program has printed. */
export function said({ stdout, stderr }: CommandResult): string {
  return `${stdout}\n${stderr}`;
}

const properties = [
  "security.protocol=SSL",
  "ssl.keystore.type=PEM",
  "ssl.keystore.location=/tls/keystore.pem",
  "ssl.truststore.type=PEM",
  "ssl.truststore.location=/tls/ca.crt",
  "",
].join("\\n");
