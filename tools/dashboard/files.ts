import { dashboardFiles } from "../../components/observability/dashboards/index.ts";
import { type Environment, partsOf, planOf } from "../../environment/index.ts";

/** The dashboards of an environment, by the names of their files, as Grafana is given them. */
export function dashboardsOf(environment: Environment): ReturnType<typeof dashboardFiles> {
  return dashboardFiles(partsOf(planOf(environment)));
}
