/**
 * Judges an exported state by the policies, with neither cluster nor program: `node tools/audit.ts state.json`.
 * See docs/audit.md.
 *
 * Exit codes: 0 every mandatory rule is met; 1 one is broken, or a waiver has ended or covers nothing; 3 neither, but a
 * mandatory rule could not be decided; 2 there is no audit, and one line says why.
 */
import { main } from "./audit/main.ts";

process.exitCode = main(process.argv.slice(2));
