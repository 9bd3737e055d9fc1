import type { Labels } from "../pack/kubernetes.ts";
import { each, kindRule } from "../pack/rule.ts";
import { revealed } from "./words.ts";

export const noneInConfigMaps = kindRule("ConfigMap", {
  id: "secrets-none-in-config-maps",
  title: "No ConfigMap holds a password, key or token",
  why: "Whoever may look at a namespace reads its ConfigMaps, and tools print them, copy them and keep them in plain text. A password that was once in one has to be changed.",
  fix: "Put the value into a Secret, mount that as a file, and let the configuration name the file.",
  severity: "critical",
  controls: { nsa: ["network/secrets"], iso: ["A.5.17", "A.8.12"], gbt: ["8.1.4.8 b)"] },
  check({ props }, report) {
    const judge = (data: Labels, part: string, decode = (text: string) => text) =>
      each(Object.keys(data), (key) => {
        for (const what of revealed(key, decode(data[key] ?? ""))) report(`${part} "${key}" ${what}`);
      });
    each(
      [
        () => judge(props.data ?? {}, "data"),
        () => judge(props.binaryData ?? {}, "binaryData", (base64) => Buffer.from(base64, "base64").toString("latin1")),
      ],
      (part) => part(),
    );
  },
});
