/**
 * Writes host keys of machines into `known-hosts.<stack>`, after a person has compared them with what the machines' consoles
 * show: `node tools/servers-trust.ts [--stack prod] [--server office] [--jump ada@bastion] [--yes]`. A key that is written
 * there is never replaced: where a machine was installed again, its line is removed first, by hand and in a review.
 */
import { trust } from "./servers-configure/trust.ts";

process.exitCode = await trust(process.argv.slice(2));
