import { describe, expect, it } from "@jest/globals";
import { given, RefusedError, UnavailableError } from "./answer.ts";

const answer = (status: number, body: unknown) => () => given({ status, body }, "write to !a:example.org");
const forbidden = { errcode: "M_FORBIDDEN", error: "User not in room" };

describe("an answer of the homeserver", () => {
  it("is what was asked for", () => {
    expect(answer(200, { event_id: "$a" })()).toEqual({ event_id: "$a" });
  });

  it.each([
    [400, { errcode: "M_BAD_JSON", error: "body: not a string" }],
    [403, forbidden],
    [404, { errcode: "M_NOT_FOUND", error: "Room alias not found" }],
    [413, { errcode: "M_TOO_LARGE", error: "event too large" }],
  ])("with status %i is for good, and its reason is told", (status, body) => {
    expect(answer(status, body)).toThrow(RefusedError);
    expect(answer(status, body)).toThrow(`write to !a:example.org: ${status} ${body.errcode}: ${body.error}`);
  });

  it.each([401, 500, 502, 503, 504])("with status %i is not the message's fault: it may be taken later", (status) => {
    expect(answer(status, undefined)).toThrow(UnavailableError);
  });

  it("that asks for patience says for how long", () => {
    const patience = (body: object) => {
      try {
        return answer(429, body)();
      } catch (error) {
        return error;
      }
    };
    expect(patience({ errcode: "M_LIMIT_EXCEEDED", error: "Too Many", retry_after_ms: 2500 })).toMatchObject({
      waitSeconds: 2.5,
    });
    expect(patience({ errcode: "M_LIMIT_EXCEEDED" })).toMatchObject({ waitSeconds: 1 });
  });
});
