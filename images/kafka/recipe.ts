import { join } from "node:path";
import { images } from "../catalogue.ts";
import { lockedJars } from "../jars.ts";
import { javaRuntime } from "../java/runtime.ts";
import type { Recipe } from "../recipe.ts";

export const kafka: Recipe = {
  async fill(root) {
    await javaRuntime(root, ["openssl"], ["openssl"]);
    await lockedJars("kafka", join(root, "opt/kafka/libs"));
    return images.kafka.version;
  },
};
