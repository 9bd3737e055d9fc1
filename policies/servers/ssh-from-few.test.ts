import { describe } from "@jest/globals";
import { office } from "../../components/servers/testing.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { sshFromFew } from "./ssh-from-few.ts";
import { machine } from "./testing.ts";

describe("servers-ssh-from-few", () => {
  const open = (...cidrs: readonly string[]) =>
    machine({ ...office, firewall: { ...office.firewall, ssh: { port: 22, cidrs } } });

  itJudges(sshFromFew, {
    passes: {
      "a bastion": open("10.9.0.5/32", "fd00::5/128"),
      "a single address": open("10.9.0.5"),
      "a network of administrators": open("10.9.0.0/16", "fd00:0:0::/48"),
    },
    fails: {
      everybody: [open("0.0.0.0/0", "::/0"), "SSH is open to 0.0.0.0/0", "SSH is open to ::/0"],
      "half of the internet": [open("10.9.0.5/32", "128.0.0.0/1"), "SSH is open to 128.0.0.0/1"],
    },
    ignores: { "what is no machine": object("Service", { metadata: { name: "web" } }) },
    undecided: { "addresses that are not known": withUnknown(open("10.9.0.5/32"), "description.firewall.ssh.cidrs") },
  });

  describe("with a setting", () => {
    itJudges(sshFromFew, {
      settings: { widest: 32 },
      passes: { "a bastion": open("10.9.0.5/32") },
      fails: { "a network": [open("10.9.0.0/24"), "no network larger than /32"] },
      ignores: {},
    });
  });
});
