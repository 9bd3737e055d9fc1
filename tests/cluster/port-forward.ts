// Which cluster is meant is said there.
import "./kubectl.ts";
import * as tunnel from "../../tools/tunnel.ts";

export type { PortForward } from "../../tools/tunnel.ts";

/** @param target `pod/name` or `service/name` */
export function portForward(namespace: string, target: string, port: number): Promise<tunnel.PortForward> {
  return tunnel.portForward(["-n", namespace], target, port);
}
