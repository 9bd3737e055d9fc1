/** Answers that are asked for ahead: a store far away is asked for thousands of small objects. */

import type { ReadableStore } from "./store.ts";

/** How many are asked for at once. Each may be a batch. */
const MOST = 8;

/** What each of them gives, in their order. */
export async function* ahead<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  ask: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const asked: Promise<R>[] = [];
  for await (const item of items) {
    const answer = ask(item);
    // It is awaited when its turn comes, which an earlier failure may take from it.
    answer.catch(() => undefined);
    const [first] = asked.push(answer) > MOST ? asked.splice(0, 1) : [];
    if (first !== undefined) yield await first;
  }
  for (const answer of asked) yield await answer;
}

/** Objects whose keys begin so, each with its content, or nothing where it has gone meanwhile. */
export function objectsOf(store: Pick<ReadableStore, "get" | "keys">, prefix: string) {
  return ahead(store.keys(prefix), async (key) => [key, await store.get(key)] as const);
}
