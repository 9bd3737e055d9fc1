import { figuresTable, readFigures } from "./figures.ts";

/** Jest calls it after the end-to-end suites. */
export default function printFigures(): void {
  process.stdout.write(`\n${figuresTable(readFigures("e2e"))}\n`);
}
