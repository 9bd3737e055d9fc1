import { images } from "../catalogue.ts";
import { fillWithPrograms, monitoringModule, prometheusVersion } from "../monitoring/programs.ts";
import type { Recipe } from "../recipe.ts";

const project = "github.com/prometheus/alertmanager";

/** The module embeds its pages, and is published without them. */
const added = {
  module: project,
  files: {
    "ui/app/dist/elm/index.html": "This Alertmanager is asked by its API and by amtool.\n",
    "ui/app/dist/mantine/index.html": "This Alertmanager is asked by its API and by amtool.\n",
  },
};

export const alertmanager: Recipe = {
  async fill(root) {
    const { version } = images.alertmanager;
    const ldflags = prometheusVersion(version);
    const program = (name: string) => ({ package: `${project}/cmd/${name}`, ldflags, tags: "netgo", added });
    const programs = { alertmanager: program("alertmanager"), amtool: program("amtool") };
    await fillWithPrograms(root, monitoringModule, programs, { publicAuthorities: true });
    return version;
  },
};
