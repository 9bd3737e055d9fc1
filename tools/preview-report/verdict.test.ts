import { describe, expect, it } from "@jest/globals";
import { accept, parseAcceptance } from "./accept.ts";
import { parseEvents } from "./events.ts";
import { findingsOf, situationOf } from "./findings/index.ts";
import { type Preview, previewOf } from "./preview.ts";
import {
  create,
  type Event,
  keep,
  lines,
  message,
  preview,
  remove,
  summary,
  update,
  violation,
  workload,
} from "./testing.ts";
import { verdictOf } from "./verdict.ts";

function verdict(of: Preview, ...acceptances: readonly string[]) {
  return verdictOf(of, accept(findingsOf(situationOf(of)), acceptances.map(parseAcceptance)).findings);
}

const volume: Event = remove("core/v1:PersistentVolumeClaim", "media");

describe("the verdict", () => {
  it("is safe where nothing changes, or nothing that anybody has to look at", () => {
    expect(verdict(preview())).toBe("safe");
    expect(verdict(preview(create("core/v1:ConfigMap", "web", { data: { a: "1" } })))).toBe("safe");
  });

  it("is to review where somebody should look", () => {
    const web = (image: string) => workload("web", { container: { image } });
    expect(
      verdict(
        preview(
          keep("core/v1:Service", "web", { spec: { selector: { app: "web" } } }),
          update("apps/v1:Deployment", "web", web("web:1"), web("web:2")),
        ),
      ),
    ).toBe("review");
  });

  it("is dangerous where something is lost, until somebody has accepted just that; then it is to review", () => {
    expect(verdict(preview(volume))).toBe("dangerous");
    expect(verdict(preview(volume), "data-loss:media")).toBe("review");
    expect(verdict(preview(volume), "outage:media")).toBe("dangerous");
    expect(verdict(preview(volume, remove("core/v1:PersistentVolumeClaim", "pg")), "data-loss:media")).toBe(
      "dangerous",
    );
  });

  it.each<readonly [string, Event]>([
    ["the preview failed", message("error", "no such host")],
    ["a mandatory policy is broken", violation({ message: "is privileged" })],
  ])("is blocked where %s, whatever is accepted", (_why, event) => {
    expect(verdict(preview(volume, event), "data-loss:media")).toBe("blocked");
  });

  it("is blocked where the preview broke off", () => {
    expect(verdict(previewOf(parseEvents(lines(keep("core/v1:Namespace", "chat")))))).toBe("blocked");
    expect(verdict(previewOf(parseEvents(lines(keep("core/v1:Namespace", "chat"), summary))))).toBe("safe");
  });

  it("is not blocked by what policies advise, waive or cannot decide yet", () => {
    const events = [
      violation({ message: "could be better", level: "advisory" }),
      violation({ message: "Waived until 2999-12-31 (ops): a tracer [x: y]", level: "advisory" }),
      violation({ message: "can't run policy 'x' during preview: a value is not known yet", level: "advisory" }),
    ];
    expect(verdict(preview(...events))).toBe("review");
  });
});
