import { figuresTable, readFigures } from "./figures.ts";

/** Jest calls it after the end-to-end suites. */
export default function printFigures(): void {
  const figures = { ...readFigures("e2e"), ...readFigures("servers") };
  process.stdout.write(`\n${figuresTable(figures)}\n`);
}
