import { describe, expect, it } from "@jest/globals";
import { attempt, command, eventually, timed } from "../command.ts";
import { isReady, pods } from "../kubectl.ts";
import type { Stage } from "../stage.ts";

/** The cluster goes away and comes back. */
export function offline(stage: Stage): void {
  const cluster = (what: "up" | "down") => command(process.execPath, ["bootstrap/cluster/main.ts", what]);

  describe("with the cluster stopped", () => {
    it("stops", async () => {
      stage.sendHome();
      await cluster("down");
      expect((await attempt("kubectl", ["get", "nodes", "--request-timeout=3s"])).code).not.toBe(0);
    });

    it("previews all the same", async () => {
      const { result, seconds } = await timed(() => stage.stack.preview("--json"));
      stage.record("preview_offline_seconds", { value: seconds, unit: "s", n: 1 });
      const { changeSummary } = JSON.parse(result);
      expect(changeSummary.same).toBeGreaterThan(50);
    });

    it("previews an environment that is new, too", async () => {
      stage.stack.configure({ ...stage.settings, namespace: "roost-elsewhere" });
      try {
        expect((await stage.stack.changes()).length).toBeGreaterThan(50);
      } finally {
        stage.stack.configure(stage.settings);
      }
    });

    it("starts again, and the environment with it", async () => {
      const { seconds } = await timed(() => cluster("up"));
      stage.record("cluster_restart_seconds", {
        value: seconds,
        unit: "s",
        n: 1,
        note: "after a stop, with its data",
      });
      await eventually("all pods ready", 180, async () => {
        const running = (await pods(stage.namespace)).filter(({ status }) => status.phase !== "Succeeded");
        return running.every(isReady) ? true : undefined;
      });
    });

    it("has every message still", async () => {
      const ada = await eventually("signing in", 60, () => stage.signIn("ada"));
      const { bodies } = await ada.ask("history", { roomId: stage.room?.roomId ?? "" });
      expect(bodies.slice(0, 2)).toEqual(["Can you hear me?", "Loud and clear."]);
      expect(bodies.length).toBeGreaterThan(100);
      await ada.ask("say", { roomId: stage.room?.roomId ?? "", body: "Back again." });
    });
  });
}
