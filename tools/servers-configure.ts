/**
 * Brings running machines to what their description says, as far as that is safe after their first boot:
 * `node tools/servers-configure.ts [--stack prod] [--server office] [--check] [--yes]`. See tools/servers-configure/README.md.
 *
 * Exit codes: 0 all is as described, or would be; 1 refused, or stopped midway; 2 wrongly called.
 */
import { main } from "./servers-configure/main.ts";

process.exitCode = await main(process.argv.slice(2));
