import { z } from "zod";

/** Which pods may be open to users: a setting that several rules have. */
export const edgeSetting = z
  .record(z.string(), z.string())
  .default({ "app.kubernetes.io/name": "edge" })
  .describe("Labels, all of them, of the only pods that users reach: they may be open to everywhere and be exposed.");
