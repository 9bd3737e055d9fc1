import { clearFigures } from "../figures.ts";

/** Jest calls it before the suite: what it measures is of this run alone. */
export default function startFigures(): void {
  clearFigures("servers");
}
