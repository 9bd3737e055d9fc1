/** A reference to a container image, with what it leaves out filled in as container runtimes do. */
export interface ImageReference {
  /** Host of the registry, with its port where it has one. */
  readonly registry: string;
  /** Path of the image in the registry. */
  readonly repository: string;
}

/** @source https://github.com/distribution/reference */
export function parseReference(reference: string): ImageReference {
  const [tagged = ""] = reference.split("@");
  const name = tagged.replace(/:[^/:]*$/, "");
  const [first = "", ...rest] = name.split("/");
  if (rest.length > 0 && (/[.:]/.test(first) || first === "localhost")) {
    return { registry: first, repository: rest.join("/") };
  }
  return { registry: "docker.io", repository: rest.length > 0 ? name : `library/${name}` };
}
