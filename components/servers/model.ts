/**
 * The model of a machine: what renderers, firewall and audit are computed from. It is defined with the settings, whose
 * rules need its arithmetic, and which import no component.
 */
export type * from "../../environment/servers/index.ts";
export {
  addressesFor,
  isControlPlane,
  isEdge,
  localVolumesOf,
  runsPods,
  storageClassName,
  within,
} from "../../environment/servers/index.ts";
