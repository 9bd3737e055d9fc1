import { clearFigures } from "./figures.ts";

/** Jest calls it before the end-to-end suites: what they measure is of this run alone. */
export default function startFigures(): void {
  clearFigures("e2e");
}
