import { homeserverRule, told } from "./homeserver-rule.ts";

const choices: readonly unknown[] = ["all", "invite", "off", false];

export const encryptionChoice = homeserverRule({
  id: "im-encryption-choice",
  title: "It is said outright whether new rooms are end-to-end encrypted",
  why: "What is end-to-end encrypted nobody can read on the server, neither an intruder nor a compliance archive that the law may ask for. One of the two has to be given up, so somebody decides which, instead of a default.",
  fix: "Set `encryption_enabled_by_default_for_room_type` to `all` or `invite` where secrecy counts more, to `off` where an archive has to read messages.",
  severity: "medium",
  controls: { iso: ["A.5.31", "A.8.24"] },
  check({ encryption_enabled_by_default_for_room_type: choice }, report) {
    if (!choices.includes(choice)) {
      report(`encryption_enabled_by_default_for_room_type is ${told(choice)} instead of all, invite or off`);
    }
  },
});
