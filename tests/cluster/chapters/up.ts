import { describe, expect, it } from "@jest/globals";
import { eventually, timed } from "../command.ts";
import { everyPod, isWell, pods } from "../kubectl.ts";
import { strayProcesses } from "../processes.ts";
import type { Stage } from "../stage.ts";

/** From nothing to an environment that stays as it is. */
export function up(stage: Stage): void {
  describe("an environment from nothing", () => {
    it("is up after one command", async () => {
      const { seconds } = await timed(() => stage.stack.up());
      await stage.readOutputs();
      stage.record("up_seconds", {
        value: seconds,
        unit: "s",
        n: 1,
        note: "pulumi up from nothing, images built",
      });
      stage.record("resources", { value: await stage.stack.size(), unit: "count", n: 1 });
    });

    it("has only pods that are ready, or done with their task", async () => {
      const all = await pods(stage.namespace);
      expect(all.length).toBeGreaterThanOrEqual(4);
      expect(all.filter((pod) => !isWell(pod)).map(({ metadata }) => metadata.name)).toEqual([]);
    });

    it("does not change by a second update", async () => {
      const { seconds } = await timed(() => stage.stack.up("--expect-no-changes", "--suppress-outputs"));
      stage.record("up_noop_seconds", { value: seconds, unit: "s", n: 1 });
    });

    it("is in the cluster what it is in the state", async () => {
      await stage.stack.refresh("--expect-no-changes", "--suppress-outputs", "--diff");
    });
  });
}

/** What a destroyed environment leaves behind: nothing. */
export function removal(
  stage: Stage,
  objectsBefore: () => readonly string[],
  clusterScoped: () => Promise<string[]>,
): void {
  describe("an environment that is destroyed", () => {
    it("leaves no namespace, no volume and no other object of its own in the cluster", async () => {
      stage.sendHome();
      const { seconds } = await timed(() => stage.stack.destroy());
      stage.record("destroy_seconds", { value: seconds, unit: "s", n: 1 });
      await stage.lead();
      const left = async () => (await clusterScoped()).filter((each) => !objectsBefore().includes(each));
      // Volumes are removed when their claims are gone, a little later.
      const gone = async () => ((await left()).length === 0 ? true : undefined);
      await eventually("the last objects to go", 60, gone).catch(() => undefined);
      expect(await left()).toEqual([]);
    });

    it("leaves no process of its own", async () => {
      expect(strayProcesses(await everyPod())).toEqual([]);
    });

    it("leaves nothing in the state", async () => {
      const { deployment } = JSON.parse(await stage.stack.exported());
      expect(deployment.resources ?? []).toEqual([]);
    });
  });
}
