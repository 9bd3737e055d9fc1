/** The files that containers get from ConfigMaps and Secrets. */
import { isKind, type KubernetesResource, type Resource } from "../resource.ts";

export interface ConfigurationFile {
  readonly resource: Resource;
  /** Its key in the ConfigMap or Secret. */
  readonly name: string;
  /** A function, because what is not known yet must stop only those rules that need this file. */
  text(): string;
}

/**
 * The files in a ConfigMap or Secret; none in other resources. In a preview the engine may not know so much as the names of
 * a Secret's files. Unless such a Secret is called a configuration, it is taken to hold none until the update knows:
 * otherwise every rule about any configuration would be undecided for every password.
 */
export function filesOf(resource: Resource): readonly ConfigurationFile[] {
  if (isKind(resource, "ConfigMap")) {
    const { data = {} } = resource.props;
    return Object.keys(data).map((name) => ({ resource, name, text: () => data[name] ?? "" }));
  }
  if (!isKind(resource, "Secret")) return [];
  const mayBeConfiguration = /config/i.test(resource.name);
  return (mayBeConfiguration ? namesIn(resource) : (knownNamesIn(resource) ?? [])).map((name) =>
    fileOf(resource, name),
  );
}

/** A file of a ConfigMap or Secret; one of a Secret also where it is not known whether the Secret has it. */
export function fileIn(resource: Resource, name: string): ConfigurationFile | undefined {
  if (!isKind(resource, "Secret")) return filesOf(resource).find((file) => file.name === name);
  return knownNamesIn(resource)?.includes(name) === false ? undefined : fileOf(resource, name);
}

type Secret = KubernetesResource<"Secret">;

function fileOf(resource: Secret, name: string): ConfigurationFile {
  return {
    resource,
    name,
    text() {
      // Where both have a key, `stringData` counts.
      const { data = {}, stringData = {} } = resource.props;
      return stringData[name] ?? Buffer.from(data[name] ?? "", "base64").toString("utf8");
    },
  };
}

function namesIn({ props }: Secret): readonly string[] {
  return [...new Set([...Object.keys(props.data ?? {}), ...Object.keys(props.stringData ?? {})])];
}

function knownNamesIn(secret: Secret): readonly string[] | undefined {
  try {
    return namesIn(secret);
  } catch {
    // Reading what is not known throws, and there is no other way to ask.
    return undefined;
  }
}
