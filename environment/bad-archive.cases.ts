/** Hostile settings of the archive, for the same tests as the others. */
import type { BadSetting } from "./bad-settings.cases.ts";

const section = (name: string, value: object) => ({ [`roost:${name}`]: JSON.stringify(value) });
const captured = section("kafka", { kind: "embedded", changeCapture: { kind: "on" } });
const stored = section("backup", { store: { kind: "embedded" } });
const archive = (settings: object) => section("archive", { kind: "on", mode: "compliance", ...settings });
const whole = (settings: object) => ({ ...captured, ...stored, ...archive(settings) });

export const badArchive: readonly BadSetting[] = [
  {
    title: "an archive of which nobody has decided what it may hold",
    config: { ...captured, ...stored, ...section("archive", { kind: "on" }) },
    path: "archive.mode",
    remedy: "set it: pulumi config set --path roost:archive.mode",
  },
  {
    title: "an archive where nothing is captured",
    config: { ...stored, ...archive({}) },
    path: "archive.kind",
    given: '"on"',
    remedy: "roost:kafka.changeCapture.kind",
  },
  {
    title: "an archive without a place",
    config: { ...captured, ...archive({}) },
    path: "archive.kind",
    given: '"on"',
    remedy: "roost:backup.store.kind",
  },
  {
    title: "encrypted rooms where the archive holds what people write",
    config: { ...whole({}), ...section("im", { engine: "matrix", encryption: "all" }) },
    path: "im.encryption",
    given: '"all"',
    remedy: "leave roost:im.encryption out",
  },
  {
    title: "rooms that are not encrypted where the archive is confidential",
    config: { ...whole({ mode: "confidential" }), ...section("im", { engine: "matrix", encryption: "invite" }) },
    path: "im.encryption",
    given: '"invite"',
    remedy: "leave roost:im.encryption out",
  },
  {
    title: "an archive that is kept for no day",
    config: whole({ retentionDays: 0 }),
    path: "archive.retentionDays",
    given: "0",
    remedy: "write, for example, 3650",
  },
  {
    title: "a lock without an end",
    config: whole({ lock: "compliance" }),
    path: "archive.lock",
    given: '"compliance"',
    remedy: "set roost:archive.retentionDays",
  },
  {
    title: "a hold without a reason",
    config: whole({ holds: { case: { persons: ["@ada:example.org"] } } }),
    path: "archive.holds.case.reason",
    remedy: "set it: pulumi config set --path roost:archive.holds.case.reason",
  },
  {
    title: "a hold on somebody by a name that is no id",
    config: whole({ holds: { case: { reason: "Case 17", persons: ["ada"] } } }),
    path: "archive.holds.case.persons.0",
    given: '"ada"',
    remedy: "@ada:example.org",
  },
];
