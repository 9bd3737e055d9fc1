import { precious, serverRule } from "./server-rule.ts";

export const dataEncrypted = serverRule({
  id: "servers-data-encrypted",
  title: "Data of machines are encrypted where they lie",
  why: "A disk that failed is sent back to its maker, and a machine can be carried away. What is not encrypted goes with it.",
  fix: "Encrypt the pool at roost:servers.layouts, unlocked by TPM or by Tang servers; a pool that exists is made anew by it.",
  severity: "medium",
  // Not every pool can be opened without a person, so that it is not the default.
  enforcement: "advisory",
  controls: { iso: ["A.8.24"], gbt: ["8.1.4.8 b)", "8.1.4.10 b)"] },
  check({ storage: { pools } }, report) {
    for (const { name, encryption, volumes } of pools) {
      const open = volumes.filter(({ purpose }) => precious.includes(purpose)).map((volume) => volume.name);
      if (encryption.kind === "none" && open.length > 0)
        report(`the pool ${name} is not encrypted, and on it lie ${open.join(", ")}`);
    }
  },
});
