import { copyFileSync } from "node:fs";
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "es2022",
    // Nothing inline: the page's security policy lets only files of its own origin in.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  plugins: [
    {
      // The service worker must lie at the root under a name that stays: it fetches media with the access token.
      name: "service-worker",
      writeBundle({ dir }) {
        copyFileSync("node_modules/hydrogen-view-sdk/lib-build/sw.js", `${dir}/sw.js`);
      },
    },
  ],
});
