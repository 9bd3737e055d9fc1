import { describe, expect, it, jest } from "@jest/globals";
import type { TestBucket } from "../backup/testing.ts";
import { TestForeignStore } from "../backup/testing-foreign-store.ts";
import { storeContract } from "./store-contract.ts";

// The first time, the store is built.
jest.setTimeout(1_800_000);

describe("an object store of somebody else's making", () => {
  let store: TestForeignStore;
  let declared: Readonly<Record<string, TestBucket>>;

  storeContract(async (buckets) => {
    declared = buckets;
    store = await TestForeignStore.start(buckets);
    return store;
  });

  it("is changed by the Job once", async () => {
    const told = await store.reconcile(declared);
    expect(told).toEqual([{ level: "info", event: "object store is as declared", changes: 0 }]);
  });
});
