/**
 * Compares running machines with their description, over SSH or on the machine itself, and changes nothing:
 * `node tools/server-audit.ts [--stack prod] [--server office] [--local]`. See tools/server-audit/README.md.
 *
 * Exit codes: 0 all is as described; 1 something differs; 2 nothing is known to differ, and something could not be told.
 */
import { main } from "./server-audit/main.ts";

process.exitCode = await main(process.argv.slice(2));
