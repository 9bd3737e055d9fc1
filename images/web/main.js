import olmJavaScript from "@matrix-org/olm/olm.js?url";
import olmWasm from "@matrix-org/olm/olm.wasm?url";
import olmLegacy from "@matrix-org/olm/olm_legacy.js?url";
import { createNavigation, createRouter, FeatureSet, Platform, RootView, RootViewModel } from "hydrogen-view-sdk";
import downloadSandbox from "hydrogen-view-sdk/download-sandbox.html?url";
import worker from "hydrogen-view-sdk/main.js?url";
import dark from "hydrogen-view-sdk/theme-element-dark.css?url";
import light from "hydrogen-view-sdk/theme-element-light.css?url";

for (const [scheme, href] of Object.entries({ dark, light })) {
  const media = `(prefers-color-scheme: ${scheme})`;
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href, media }));
}

const platform = new Platform({
  container: document.body,
  assetPaths: {
    downloadSandbox,
    worker,
    olm: { wasm: olmWasm, wasmBundle: olmJavaScript, legacyBundle: olmLegacy },
    serviceWorker: "/sw.js",
  },
  configURL: "/config.json",
  options: { development: false },
});
const navigation = createNavigation();
platform.setNavigation(navigation);
await platform.init();
const urlRouter = createRouter({ navigation, history: platform.history });
urlRouter.attach();
const features = await FeatureSet.load(platform.settingsStorage);
const viewModel = new RootViewModel({ platform, navigation, urlRouter, features });
await viewModel.load();
platform.createAndMountRootView(viewModel);
