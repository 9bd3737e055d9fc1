import { describe, expect, it } from "@jest/globals";
import { binaryQuantity, cpuQuantity } from "./quantities.ts";

describe("quantities", () => {
  it("are written as the API server writes them back", () => {
    expect([0.5, 1, 1.25].map(cpuQuantity)).toEqual(["500m", "1", "1250m"]);
    expect([640, 1024, 1536, 2048, 1024 * 1024].map(binaryQuantity)).toEqual(["640Mi", "1Gi", "1536Mi", "2Gi", "1Ti"]);
  });
});
