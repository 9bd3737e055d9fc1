import { z } from "zod";
import { COLLECTOR_RESILIENCY, LOKI_RETENTION, PROMETHEUS_STORAGE } from "../sources.ts";
import { addressRanges, authorityPem, HTTPS_URL, hostName } from "./names.ts";
import { decimalNumber, list, oneOf, text, wholeNumber } from "./setting.ts";

const planned = "from the plan (`make plan` shows it)";

/** What each server outside is described by. */
const place = (who: string) => ({
  cidrs: addressRanges(1, {
    description: `Where it is: ${who} is let out to these addresses, at the port of the URL, and nowhere else.`,
    example: ["192.0.2.40/32"],
  }),
  caPem: authorityPem({
    description: "Certificates of the authority that has issued its own.",
    example: "-----BEGIN CERTIFICATE-----…",
    defaultText: "public authorities",
  }).optional(),
});

const secretText = (description: string) =>
  text(/^[\x20-\x7e]+$/, {
    description: `${description} Set it with \`pulumi config set --secret --path\`.`,
    allowed: "a text on one line, set as a secret",
    example: "…",
    maxLength: 4096,
    secret: true,
  });

const url = (description: string, example: string) =>
  text(HTTPS_URL, { description, allowed: "an address that begins with https://", example, maxLength: 2048 });

const common = {
  name: text(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, {
    description: "What it is called, each receiver otherwise.",
    allowed: "lower-case letters, digits and hyphens, at most 40",
    example: "on-call",
    maxLength: 40,
  }),
  severities: list(
    oneOf(["page", "ticket"], {
      description:
        '"page": people cannot chat, or soon will not be able to; "ticket": somebody should look during the day.',
      example: "page",
    }),
    1,
    {
      description: "Alerts of which severity it is told of.",
      allowed: 'a list of "page" and "ticket"',
      example: ["page"],
    },
  ).default(["page", "ticket"]),
};

const webhook = z
  .strictObject({
    kind: z.literal("webhook").meta({ description: "A program that takes Alertmanager's JSON by POST." }),
    ...common,
    url: url("Where it is posted to. What is secret goes into `token`.", "https://alerts.example.org/roost"),
    token: secretText("Token that is sent along (`Authorization: Bearer`).").optional(),
    ...place("Alertmanager"),
  })
  .meta({ description: "A program, such as that of a paging service." });

const mailAddress = (description: string, example: string) =>
  text(/^[^\s@<>,;]+@[^\s@<>,;]+$/, { description, allowed: "one e-mail address", example });

const email = z
  .strictObject({
    kind: z.literal("email").meta({ description: "E-mail through a relay, over TLS only." }),
    ...common,
    to: mailAddress("Who gets it.", "on-call@example.org"),
    from: mailAddress("Who it comes from.", "roost@example.org"),
    relay: text(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?:\d{1,5}$/, {
      description: "Mail server that it is given to: STARTTLS is asked for, and TLS from the start at port 465.",
      allowed: "a host name and a port with a colon between them",
      example: "mail.example.org:587",
    }),
    username: text(/^[\x21-\x7e]+$/, {
      description: "User to sign in as.",
      allowed: "a text without spaces",
      example: "roost@example.org",
      defaultText: "without signing in",
    }).optional(),
    password: secretText("Password of this user.").optional(),
    ...place("Alertmanager"),
  })
  .meta({ description: "E-mail." });

const matrix = z
  .strictObject({
    kind: z.literal("matrix").meta({
      description:
        "A Matrix room. One of this environment's own homeserver is silent when the homeserver is down: never let it be the only receiver of pages.",
    }),
    ...common,
    room: text(/^![^\s/?#]+$/, {
      description: "Identifier of the room, in which the account of the token is.",
      allowed: "an identifier that begins with an exclamation mark; the room must not be encrypted",
      example: "!abcdefghijklmnopqr:example.org",
      maxLength: 255,
    }),
    token: secretText("Access token of an account that is for this alone."),
    homeserver: z
      .discriminatedUnion("kind", [
        z
          .strictObject({ kind: z.literal("own").meta({ description: "The homeserver of this environment." }) })
          .meta({ description: "That of this environment." }),
        z
          .strictObject({
            kind: z.literal("other").meta({ description: "Another homeserver." }),
            url: url("Where its clients find it.", "https://matrix.example.com"),
            ...place("Alertmanager"),
          })
          .meta({ description: "Another." }),
      ])
      .meta({ description: "Homeserver that the room is on.", example: { kind: "own" } })
      .prefault({ kind: "own" }),
  })
  .meta({ description: "A Matrix room." });

const receiver = z
  .discriminatedUnion("kind", [webhook, email, matrix])
  .meta({ description: "A receiver.", example: { kind: "email", name: "on-call" } });

const deadMansSwitch = z
  .strictObject({
    url: url("Where it is posted to.", "https://watchdog.example.org/roost"),
    token: secretText("Token that is sent along (`Authorization: Bearer`).").optional(),
    everyMinutes: wholeNumber({
      min: 1,
      max: 60,
      unit: "minutes",
      description: "How often it is told that all is well. The other side gives alarm when it hears nothing.",
      example: 5,
    }).default(5),
    ...place("Alertmanager"),
  })
  .meta({
    description:
      "A service outside that expects to hear from here, and tells people when it does not: nothing else notices that the monitoring itself is gone.",
    defaultText: "none",
    example: { url: "https://watchdog.example.org/roost", cidrs: ["192.0.2.40/32"] },
  });

const remoteWrite = z
  .strictObject({
    url: url(
      "Where samples are sent to, by Prometheus' remote write protocol.",
      "https://metrics.example.org/api/v1/write",
    ),
    username: text(/^[\x21-\x7e]+$/, {
      description: "User to sign in as.",
      allowed: "a text without spaces",
      example: "roost",
      defaultText: "without signing in",
    }).optional(),
    password: secretText("Password of this user.").optional(),
    ...place("Prometheus"),
  })
  .meta({
    description: "A store outside that gets all samples as well, for longer than they are kept here.",
    defaultText: "none",
    example: { url: "https://metrics.example.org/api/v1/write", cidrs: ["192.0.2.50/32"] },
  });

const logs = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("on").meta({ description: "Loki, and a collector on every node." }),
        retentionDays: wholeNumber({
          min: 1,
          max: 3650,
          unit: "days",
          description: "How long logs are kept. Laws may ask for more: those of China for six months.",
          example: 180,
          source: LOKI_RETENTION,
        }).default(30),
        storageGiB: wholeNumber({
          min: 1,
          max: 100_000,
          unit: "GiB",
          description: "Volume of each Loki. It keeps logs by their age alone: the volume must hold them.",
          example: 50,
          defaultText: planned,
          source: LOKI_RETENTION,
        }).optional(),
        memoryMiB: wholeNumber({
          min: 192,
          max: 65_536,
          unit: "MiB",
          description: "Memory of each Loki.",
          example: 1024,
          defaultText: planned,
        }).optional(),
        bufferMiB: wholeNumber({
          min: 16,
          max: 65_536,
          unit: "MiB",
          description:
            "What each collector keeps on its node's disk for each Loki that it cannot reach. When it is full, lines wait in the files of the kubelet, which keeps a few of each container.",
          example: 1024,
          source: COLLECTOR_RESILIENCY,
        }).default(256),
      })
      .meta({ description: "With logs." }),
    z
      .strictObject({ kind: z.literal("off").meta({ description: "Logs stay on the nodes." }) })
      .meta({ description: "Without logs." }),
  ])
  .meta({
    description: "Whether the logs of all pods are collected, and how long they are kept.",
    example: { kind: "on", retentionDays: 180 },
  });

const grafana = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("on").meta({
          description:
            "Grafana shows the dashboards to those who sign in with the company's account. Its image is upstream's alone: `images.source` must be `upstream`.",
        }),
        host: hostName({
          description: "Host name of Grafana.",
          example: "grafana.example.org",
          defaultText: "`grafana.` and the domain",
        }).optional(),
        groups: z
          .array(z.string().min(1).max(256))
          .min(1)
          .max(100)
          .meta({
            description: "Groups whose members may look; nobody may change anything.",
            allowed: "a list of names of groups",
            example: ["it"],
            defaultText: "`identity.rights.administrators`",
          })
          .optional(),
      })
      .meta({ description: "With Grafana." }),
    z
      .strictObject({
        kind: z.literal("off").meta({
          description:
            "No Grafana: `make dashboard` draws the dashboards, `make dashboards` writes them for another one.",
        }),
      })
      .meta({ description: "Without Grafana." }),
  ])
  .meta({
    description: "Whether there is a Grafana, and who may look.",
    example: { kind: "on", groups: ["it"] },
  });

const on = z
  .strictObject({
    kind: z.literal("on").meta({ description: "Prometheus, Alertmanager and exporters are deployed." }),
    retentionDays: wholeNumber({
      min: 1,
      max: 400,
      unit: "days",
      description: "How long metrics are kept.",
      example: 30,
      source: PROMETHEUS_STORAGE,
    }).default(15),
    storageGiB: wholeNumber({
      min: 1,
      max: 10_000,
      unit: "GiB",
      description: "Volume of each Prometheus. The oldest metrics go when four fifths of it are full.",
      example: 20,
      defaultText: planned,
      source: PROMETHEUS_STORAGE,
    }).optional(),
    memoryMiB: wholeNumber({
      min: 128,
      max: 262_144,
      unit: "MiB",
      description: "Memory of each Prometheus.",
      example: 1024,
      defaultText: planned,
    }).optional(),
    cpus: decimalNumber({
      min: 0.05,
      max: 32,
      unit: "cores",
      description: "Processors that each Prometheus is guaranteed.",
      example: 0.5,
      defaultText: planned,
    }).optional(),
    receivers: z
      .array(receiver)
      .max(16)
      .meta({
        description: "Who is told of alerts.",
        allowed: "a list of receivers, each with a name of its own",
        example: [{ kind: "email", name: "on-call" }],
      })
      .default([]),
    runbookUrl: text(/^[\x21-\x7e]+[^/\s]$/, {
      description: "Where who is woken finds the folder `docs/runbooks`: alerts lead to pages in it.",
      allowed: "an address without a slash at its end",
      example: "https://docs.example.org/roost/runbooks",
      defaultText: "`docs/runbooks`, the folder of the project",
      maxLength: 2048,
    }).default("docs/runbooks"),
    deadMansSwitch: deadMansSwitch.optional(),
    remoteWrite: remoteWrite.optional(),
    logs: logs.prefault({ kind: "on" }),
    grafana: grafana.prefault({ kind: "off" }),
  })
  .meta({ description: "With monitoring." });

export const observabilitySettings = z
  .discriminatedUnion("kind", [
    on,
    z
      .strictObject({ kind: z.literal("off").meta({ description: "Nothing is watched, and nobody is told." }) })
      .meta({ description: "Without monitoring." }),
  ])
  .meta({
    description: "How the environment is watched, and who is told.",
    example: { kind: "on", retentionDays: 30 },
  });

export type ObservabilitySettings = z.output<typeof observabilitySettings>;
/** With monitoring. */
export type MonitoringSettings = Extract<ObservabilitySettings, { kind: "on" }>;
