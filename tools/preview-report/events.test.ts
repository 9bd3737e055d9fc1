import { describe, expect, it } from "@jest/globals";
import { EventsError, parseEvents } from "./events.ts";
import { create, lines, summary } from "./testing.ts";

describe("the event stream", () => {
  it("is read line by line, in the order in which the engine sent it", () => {
    const events = parseEvents(lines(create("core/v1:ConfigMap", "web"), summary));
    expect(events.map((event) => Object.keys(event)[0])).toEqual(["resourcePreEvent", "summaryEvent"]);
  });

  it("may have empty lines, and events that the report does not know", () => {
    const [event] = parseEvents(`\n${JSON.stringify({ sequence: 1, progressEvent: { done: true } })}\n\n`);
    expect(event).toMatchObject({ sequence: 1 });
  });

  it("may leave out what is null", () => {
    const state = { inputs: null };
    const metadata = { op: "same", urn: "u", type: "t", old: null, new: state, keys: null, detailedDiff: null };
    const [event] = parseEvents(lines({ resourcePreEvent: { metadata } }));
    expect(event?.resourcePreEvent?.metadata.new).toMatchObject({ inputs: {}, outputs: {}, protect: false });
  });

  it.each<readonly [string, string, string]>([
    ["empty input", " \n", "There are no events: the input is empty."],
    ["a line that is no JSON", `${lines(summary)}Updating (dev)\n`, "Line 2 is no JSON."],
    ["a stream that was cut off", lines(create("t:t:T", "n")).slice(0, -9), "Line 1 is cut off."],
    [
      "the document that the engine prints when not streaming",
      JSON.stringify({ steps: [] }, undefined, 2),
      "Line 1 is the beginning of one document, as the engine prints it when not streaming.",
    ],
    ["JSON that is no event", "[1]\n", "Line 1 is no event of Pulumi's engine: it: Invalid input"],
    [
      "a step without a resource",
      lines(summary, { resourcePreEvent: { metadata: { op: "create" } } }),
      "Line 2 is no event of Pulumi's engine: resourcePreEvent.metadata.urn: Invalid input",
    ],
  ])("refuses %s by its line, and says what to give", (_name, text, problem) => {
    expect(() => parseEvents(text)).toThrow(EventsError);
    expect(() => parseEvents(text)).toThrow(problem);
    expect(() => parseEvents(text)).toThrow("PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --json");
  });

  it("is not quoted in an error: nothing has been masked yet", () => {
    const message = messageOf(() => parseEvents('{"password":"correct-horse"'));
    expect(message).not.toContain("correct-horse");
  });
});

function messageOf(action: () => unknown): string {
  try {
    action();
    return "";
  } catch (error) {
    return String(error);
  }
}
