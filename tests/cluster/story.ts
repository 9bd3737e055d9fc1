import { afterAll, beforeAll, describe } from "@jest/globals";
import { clusterScoped } from "./kubectl.ts";
import type { Stage } from "./stage.ts";

/** Chapters to tell, on an environment that is up already unless `up` is one of them. @default all of them */
const chosen = process.env.CHAPTERS?.split(",");

export interface Story {
  /** What was in the cluster before. */
  before(): readonly string[];
  tell(name: string, chapter: () => void): void;
}

/** Begins with an empty stage, or goes on with the one that is there. */
export function storyOn(stage: Stage): Story {
  let objects: readonly string[] = [];
  let begun = false;
  const begin = async () => {
    if (begun) return;
    begun = true;
    if (chosen !== undefined && !chosen.some((name) => /(^|-)up$/.test(name))) return stage.resume();
    await stage.begin();
    objects = await clusterScoped();
  };
  return {
    before: () => objects,
    tell(name, chapter) {
      if (chosen !== undefined && !chosen.includes(name)) return;
      describe(name, () => {
        beforeAll(begin);
        chapter();
        afterAll(() => stage.sendHome());
      });
    },
  };
}
