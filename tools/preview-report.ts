/**
 * Says in Markdown what a preview would change and what is dangerous in it: `node tools/preview-report.ts [--stack dev]`.
 * See docs/preview-report.md.
 *
 * Exit codes: 0 the report is written; 1 it is written, and a gate refuses (the preview is blocked, `--fail-on` found
 * something, or `--accept` covers nothing); 2 there is no report, and one line says why.
 */
import { main } from "./preview-report/main.ts";

process.exitCode = await main(process.argv.slice(2));
