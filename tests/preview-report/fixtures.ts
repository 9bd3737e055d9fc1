/** Recorded event streams and the reports that follow from them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { parseEvents } from "../../tools/preview-report/events.ts";
import { type Preview, previewOf } from "../../tools/preview-report/preview.ts";
import { reportOf } from "../../tools/preview-report/report.ts";

const folder = join(import.meta.dirname, "fixtures");

export function writeFixture(name: string, events: string): void {
  writeFileSync(join(folder, `${name}.jsonl.gz`), gzipSync(events, { level: 9 }));
}

export function fixtureText(name: string): string {
  return gunzipSync(readFileSync(join(folder, `${name}.jsonl.gz`))).toString();
}

export function fixturePreview(name: string): Preview {
  return previewOf(parseEvents(fixtureText(name)));
}

export function fixtureReport(name: string): string {
  return reportOf(fixturePreview(name)).markdown;
}

export function goldenReport(name: string): string {
  return readFileSync(join(folder, `${name}.md`), "utf8");
}
