/**
 * Writes a preview report to the pull request, or merge request, that the pipeline is about: as one comment, which is
 * found again and updated. `node tools/preview-comment.ts report.md`. See docs/preview-report.md.
 */
import { readFileSync } from "node:fs";
import { keepComment } from "./preview-report/comment/comment.ts";
import { forgeOf } from "./preview-report/comment/where.ts";

const [file, ...more] = process.argv.slice(2);
try {
  if (file === undefined || more.length > 0) throw new Error("usage: node tools/preview-comment.ts <report.md>");
  const done = await keepComment(forgeOf(process.env), readFileSync(file, "utf8"));
  console.error(`The comment is ${done}.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
