import { z } from "zod";
import { flag, list, oneOf, text, wholeNumber } from "../setting.ts";
import { named } from "./text.ts";

const SSH_KEY =
  /^(ssh-ed25519|sk-ssh-ed25519@openssh\.com|ecdsa-sha2-nistp(256|384|521)|sk-ecdsa-sha2-nistp256@openssh\.com|ssh-rsa) [A-Za-z0-9+/]{40,}={0,3}( [^\n]*)?$/;

const administrator = z
  .strictObject({
    sshKeys: list(
      text(SSH_KEY, {
        description: "A public key.",
        allowed: "a public key in OpenSSH's format: its type, the key in base64, a comment",
        example: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBQ2lCz1QFZbvvmRbyYsJ0TJ3Sxk0gXnQ1QXqM3v3o5P ada@example.org",
        maxLength: 4096,
      }),
      1,
      {
        description: "Public keys that open SSH. There are no passwords.",
        allowed: "a list of public keys in OpenSSH's format",
        example: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBQ2lCz1QFZbvvmRbyYsJ0TJ3Sxk0gXnQ1QXqM3v3o5P ada@example.org"],
      },
    ),
    sudo: oneOf(["all", "none"], { description: "What the person may do as root.", example: "none" }).default("all"),
  })
  .meta({ description: "A person who administers machines." });

export const administrators = named(administrator, 31, {
  description: "People who administer machines, by account name.",
  allowed: "an object with an administrator under each account name",
  entryName: "account",
  example: {
    ada: {
      sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBQ2lCz1QFZbvvmRbyYsJ0TJ3Sxk0gXnQ1QXqM3v3o5P ada@example.org"],
    },
  },
});

export const hardening = z
  .strictObject({
    lockdown: oneOf(["none", "integrity", "confidentiality"], {
      description: "Kernel lockdown: what not even root may do to the kernel.",
      example: "confidentiality",
      source: "https://man7.org/linux/man-pages/man7/kernel_lockdown.7.html",
    }).default("integrity"),
    sysctl: z
      .record(
        z.string().regex(/^[a-z0-9_]+(\.[A-Za-z0-9_/-]+)+$/),
        z.union([z.string().regex(/^[^\n]{1,200}$/), z.int()]).transform(String),
      )
      .meta({
        description: "Kernel parameters beside those that Roost sets, or other values for them.",
        allowed: "an object of kernel parameters and their values",
        example: { "vm.swappiness": 10 },
      })
      .prefault({}),
    audit: oneOf(["off", "rules", "immutable"], {
      description: 'Audit of who changed what: with "immutable" not even root changes the rules without a reboot.',
      example: "rules",
    }).default("immutable"),
    fileIntegrity: flag({
      description: "Whether AIDE compares the system's files each night with what they were.",
      example: false,
    }).default(true),
    bruteForce: oneOf(["fail2ban", "none"], {
      description: "Who bans addresses that keep failing to sign in.",
      example: "none",
    }).default("fail2ban"),
    suricata: flag({ description: "Whether Suricata watches what comes in at the edge.", example: true }).default(
      false,
    ),
  })
  .meta({ description: "What is closed and watched beyond the distribution's defaults." });

export const updates = z
  .strictObject({
    automatic: oneOf(["none", "security", "all"], {
      description: "Packages that are updated unattended.",
      example: "all",
    }).default("security"),
    days: list(oneOf(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], { description: "A day.", example: "Sun" }), 1, {
      description: "Days on which the maintenance window opens.",
      allowed: "a list of Mon, Tue, Wed, Thu, Fri, Sat, Sun",
      example: ["Sat", "Sun"],
    }).default(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]),
    start: text(/^([01]\d|2[0-3]):[0-5]\d$/, {
      description: "When it opens, in the machine's own time.",
      allowed: "hours and minutes with a colon",
      example: "02:30",
    }).default("03:00"),
    minutes: wholeNumber({
      min: 15,
      max: 1440,
      unit: "minutes",
      description: "How long it is open.",
      example: 240,
    }).default(120),
    reboot: oneOf(["never", "one-at-a-time"], {
      description: "What happens when an update asks for a reboot: within the window, one machine at a time.",
      example: "never",
    }).default("one-at-a-time"),
  })
  .meta({ description: "When machines change by themselves." });

export const logs = z
  .strictObject({
    journalMiB: wholeNumber({
      min: 64,
      max: 1_048_576,
      unit: "MiB",
      description: "Disk that the journal may take.",
      example: 4096,
    }).default(1024),
    journalDays: wholeNumber({
      min: 1,
      max: 3650,
      unit: "days",
      description: "Days that the journal is kept, if there is room.",
      example: 180,
    }).default(90),
    collectorUrl: text(/^https:\/\/[a-z0-9.:-]+$/, {
      description: "Where logs are sent as well, by systemd-journal-upload.",
      allowed: "an https:// URL without a path",
      example: "https://logs.example.org:19532",
      defaultText: "nowhere",
    }).optional(),
  })
  .meta({ description: "What machines keep and send of their logs." });
