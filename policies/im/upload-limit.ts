import { holdForAll, refusalsOf, type Term } from "../pack/configuration/haproxy-conditions.ts";
import { type Homeserver, homeserverOf } from "../pack/configuration/homeserver.ts";
import { each, stackRule } from "../pack/rule.ts";
import { clientPath, type MatrixEdge, matrixEdgesOf } from "./edges.ts";

export const uploadLimit = stackRule({
  id: "im-upload-limit",
  title: "The edge refuses files that are larger than the homeserver takes",
  why: "What the edge lets through it may hold in memory, and the homeserver breaks the connection off, which no client can tell from a failure. Two limits that differ mean that one of them is not what somebody decided.",
  fix: "Refuse requests of more than the homeserver's `max_upload_size` at the edge: `http-request return status 413 … if { req.body_size gt <bytes> }`.",
  severity: "low",
  controls: { iso: ["A.8.6"], gbt: ["8.1.3.3 a)"] },
  appliesTo: (stack) => stack.some((resource) => matrixEdgesOf(resource) !== undefined) && stack.some(homeserverOf),
  check(stack, report) {
    const homeservers = stack.map(homeserverOf).filter((settings) => settings !== undefined);
    if (homeservers.length === 0) return;
    const taken = Math.max(...homeservers.map(maxUploadBytes));
    each(stack, (resource) => {
      for (const edge of matrixEdgesOf(resource) ?? []) {
        const passed = largestBody(edge);
        if (passed === undefined)
          report(`the frontend "${edge.frontend.name}" refuses no request for its size`, resource);
        else if (passed > taken) {
          report(
            `the frontend "${edge.frontend.name}" lets ${passed} bytes through, the homeserver takes ${taken}`,
            resource,
          );
        }
      }
    });
  },
});

/** Synapse's K and M are powers of 2; 50M is its own limit. */
function maxUploadBytes({ max_upload_size: given = "50M" }: Homeserver): number {
  const [, digits = "", unit = ""] = /^(\d+)([KM]?)$/.exec(String(given)) ?? [];
  return Number(digits) * ({ K: 1024, M: 1024 * 1024 }[unit] ?? 1);
}

/** The size above which every request to the homeserver is refused, or nothing where any size may pass. */
function largestBody({ frontend, routes }: MatrixEdge): number | undefined {
  const refusals = refusalsOf(frontend);
  const sizes = routes.map((route) =>
    Math.min(
      ...refusals
        .filter(({ terms }) => holdForAll(terms, route, clientPath, (term) => sizeOf(term) !== undefined))
        .flatMap(({ terms }) => terms.flatMap((term) => sizeOf(term) ?? [])),
    ),
  );
  const largest = Math.max(...sizes);
  return Number.isFinite(largest) ? largest : undefined;
}

function sizeOf({ tests: [test = [], ...others] }: Term): number | undefined {
  const [fetch = "", ...words] = test;
  const [operator, bytes] = words.slice(-2);
  if (others.length > 0 || !/^req\.(body_size|hdr_val\(content-length\))$/i.test(fetch)) return undefined;
  return operator === "gt" || operator === "ge" ? Number(bytes) : undefined;
}
