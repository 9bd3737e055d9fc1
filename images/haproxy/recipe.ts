import { debianFiles, packageVersion } from "../debian.ts";
import type { Recipe } from "../recipe.ts";

export const haproxy: Recipe = {
  async fill(root) {
    await debianFiles(root, {
      packages: ["haproxy", "dash", "coreutils"],
      without: [],
      // A shell, to reload when a mounted certificate changes.
      programs: ["haproxy", "sh", "dash", "cat", "sleep", "sha256sum"],
      settings: [],
    });
    return packageVersion(root, "haproxy");
  },
};
