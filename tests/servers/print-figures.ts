import { figuresTable, readFigures } from "../figures.ts";

/** Jest calls it after the suite. */
export default function printFigures(): void {
  process.stdout.write(`\n${figuresTable(readFigures("servers"))}\n`);
}
