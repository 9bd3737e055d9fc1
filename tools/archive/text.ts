/** Pure: what a check of the archive has found, as people read it. */
import type { ArchiveReport } from "../../services/archive/verify.ts";
import type { Comparison } from "./compare.ts";

export function verifyText(report: ArchiveReport, comparison: Comparison | undefined): string {
  const { partitions, findings, records, uniqueEvents, media, mediaMissing, removed, leftovers } = report;
  const chains = partitions.map(
    ({ partition, sequence, batches, events, gaps, sha256 }) =>
      `partition ${partition}: ${sequence} manifests, ${batches} batches, ${events} records, ${gaps} gaps; it ends in ${sha256}`,
  );
  return [
    ...chains,
    `${records} records, ${uniqueEvents} events, ${media} files; ${mediaMissing} files could not be had, ${removed} objects were removed by rule.`,
    ...(leftovers.length > 0 ? [`${leftovers.length} objects are of batches that were not finished.`] : []),
    ...(comparison ? [comparisonText(comparison)] : []),
    ...findings.map(({ key, problem }) => `WRONG: ${key} ${problem}`),
    isWhole(report, comparison) ? "The archive is whole." : "The archive is NOT whole.",
  ].join("\n");
}

export function isWhole({ findings }: ArchiveReport, comparison: Comparison | undefined): boolean {
  return findings.length === 0 && (comparison === undefined || comparison.missing === 0);
}

function comparisonText({ inDatabase, missing, examples }: Comparison): string {
  if (missing === 0) return `All ${inDatabase} events of the database are in the archive.`;
  return `WRONG: ${missing} of ${inDatabase} events of the database are not in the archive: ${examples.join(" ")}`;
}
