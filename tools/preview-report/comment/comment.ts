/**
 * Keeps one comment on a pull or merge request: the one that ends with the report's mark, and was written by ourselves.
 * Uses nothing but Node, so that the job that may write comments need not install what a change brings.
 */
import type { Comment, Forge } from "./forge.ts";

/** The last line of a report. */
const MARK = /<!-- preview-report [\w.-]+ -->$/;

/** What was done, for the log. */
export type Done = "created" | "updated" | "unchanged";

/**
 * Writes the report where the last one stands; where there is none, as a new comment.
 *
 * @throws Error when the text is no report, or the forge refuses
 */
export async function keepComment(forge: Forge, report: string): Promise<Done> {
  const body = report.trimEnd();
  const mark = MARK.exec(body)?.[0];
  if (mark === undefined) {
    throw new Error("The file is no report: it does not end with its mark. Give what tools/preview-report.ts wrote.");
  }
  const [first, ...others] = await own(forge, mark);
  for (const { id } of others) await forge.remove(id);
  if (first === undefined) return create(forge, mark, body);
  if (first.body.trimEnd() === body) return "unchanged";
  return (await forge.update(first.id, body)) ? "updated" : create(forge, mark, body);
}

/** Two runs may find none at the same time, and both make one: the one that came first stays. */
async function create(forge: Forge, mark: string, body: string): Promise<Done> {
  const made = await forge.create(body);
  const [first] = await own(forge, mark);
  if (first === undefined || first.id >= made) return "created";
  // Whoever comes last has the last word, and takes its own comment away only when that is said.
  if (await forge.update(first.id, body)) await forge.remove(made);
  return "updated";
}

/** Comments with the mark, the oldest first. Anybody can write the mark: what others wrote is left alone. */
async function own(forge: Forge, mark: string): Promise<Comment[]> {
  const all = await forge.list();
  return all
    .filter(({ isOwn, body }) => isOwn && body.trimEnd().endsWith(mark))
    .sort((one, other) => one.id - other.id);
}
