import { z } from "zod";
import type { Fact } from "./fact.ts";

const log = z.array(z.object({ log_type: z.string(), log_message: z.string() })).optional();
const report = z.object({
  report: z.array(
    z.object({
      pv: z.array(z.object({ pv_name: z.string(), vg_name: z.string(), pv_missing: z.string() })).optional(),
      vg: z.array(z.object({ vg_name: z.string(), vg_free: z.coerce.number() })).optional(),
      lv: z
        .array(
          z.object({
            vg_name: z.string(),
            lv_name: z.string(),
            lv_size: z.coerce.number(),
            lv_health_status: z.string(),
          }),
        )
        .optional(),
    }),
  ),
  log,
});

/** Volume groups by name: what they stand on, and their volumes. */
export interface VolumeGroup {
  readonly physicalVolumes: readonly { readonly device: string; readonly missing: boolean }[];
  readonly freeMiB: number;
  readonly volumes: ReadonlyMap<string, { readonly sizeMiB: number; readonly health: string }>;
}

/** @source https://man7.org/linux/man-pages/man7/lvmreport.7.html */
export const volumeGroups: Fact<ReadonlyMap<string, VolumeGroup>> = {
  name: "lvm",
  program: "lvs",
  asRoot: true,
  command: `set -e
format='--reportformat json --units m --nosuffix'
pvs $format --options pv_name,vg_name,pv_missing
echo ==
vgs $format --options vg_name,vg_free
echo ==
lvs $format --options vg_name,lv_name,lv_size,lv_health_status`,
  parse: parseLvm,
};

/** @throws Error when LVM itself reports one */
export function parseLvm(output: string): ReadonlyMap<string, VolumeGroup> {
  const reports = output.split(/^==$/m).map((text) => report.parse(JSON.parse(text)));
  if (reports.length !== 3) throw new Error(`${reports.length} reports instead of 3`);
  const error = reports.flatMap((each) => each.log ?? []).find(({ log_type }) => log_type === "error");
  if (error !== undefined) throw new Error(error.log_message);
  const all = reports.flatMap((each) => each.report);
  const [pvs, lvs] = [all.flatMap(({ pv }) => pv ?? []), all.flatMap(({ lv }) => lv ?? [])];
  return new Map(
    all
      .flatMap(({ vg }) => vg ?? [])
      .map(({ vg_name: name, vg_free: freeMiB }) => [
        name,
        {
          freeMiB,
          physicalVolumes: pvs
            .filter(({ vg_name }) => vg_name === name)
            .map(({ pv_name: device, pv_missing }) => ({ device, missing: pv_missing !== "" })),
          volumes: new Map(
            lvs
              .filter(({ vg_name }) => vg_name === name)
              .map((lv) => [lv.lv_name, { sizeMiB: lv.lv_size, health: lv.lv_health_status }]),
          ),
        },
      ]),
  );
}
