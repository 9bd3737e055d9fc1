import { describe, jest } from "@jest/globals";
import { TestObjectStore } from "../backup/testing.ts";
import { storeContract } from "./store-contract.ts";

jest.setTimeout(300_000);

describe("the environment's own object store", () => {
  storeContract((buckets) => TestObjectStore.start(buckets));
});
