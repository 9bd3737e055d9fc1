/** The files that containers get from ConfigMaps and Secrets. */
import type { Labels } from "../kubernetes.ts";
import { isKind, type Resource } from "../resource.ts";

export interface ConfigurationFile {
  readonly resource: Resource;
  /** Its key in the ConfigMap or Secret. */
  readonly name: string;
  /** A function, because what is not known yet must stop only those rules that need this file. */
  text(): string;
}

/** The files in a ConfigMap or Secret; none in other resources. */
export function filesOf(resource: Resource): readonly ConfigurationFile[] {
  if (isKind(resource, "ConfigMap")) return files(resource, resource.props.data ?? {});
  if (!isKind(resource, "Secret")) return [];
  const { data = {}, stringData = {} } = resource.props;
  const encoded = files(resource, data, (text) => Buffer.from(text, "base64").toString("utf8"));
  // Where both have a key, `stringData` counts.
  return [...encoded.filter(({ name }) => !Object.hasOwn(stringData, name)), ...files(resource, stringData)];
}

function files(resource: Resource, data: Labels, decode = (text: string) => text): readonly ConfigurationFile[] {
  return Object.keys(data).map((name) => ({ resource, name, text: () => decode(data[name] ?? "") }));
}
