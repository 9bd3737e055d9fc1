import { realmRule } from "./realm-rule.ts";

export const directoryReadOnly = realmRule({
  id: "identity-provider-directory-read-only",
  title: "The identity provider reads the directory over TLS with verification, and writes nothing into it",
  why: "Passwords of everybody pass there: in plain text, or to whoever answers in the directory's place, they are lost. And a provider that can write could make itself any account.",
  fix: "Give the directory's addresses with `ldaps://`, `useTruststoreSpi: always` and `editMode: READ_ONLY`.",
  severity: "critical",
  controls: { nsa: ["network/encryption"], iso: ["A.5.17", "A.8.24"], gbt: ["8.1.4.8 a)"] },
  check({ directories }, report) {
    for (const { connectionUrl = "", editMode = "READ_ONLY", useTruststoreSpi = "always" } of directories) {
      const plain = connectionUrl.split(/\s+/).filter((url) => !url.startsWith("ldaps://"));
      if (plain.length > 0) report(`reads its directory at ${plain.join(", ")}, not over TLS`);
      if (editMode !== "READ_ONLY") report(`may write into its directory (editMode ${editMode})`);
      if (useTruststoreSpi === "never") report("does not verify its directory by the authorities that it is given");
    }
  },
});
