import type { PodSpec } from "../pack/kubernetes.ts";
import { containersOf, podsOf } from "../pack/pods.ts";
import { groupAndKind, isKind, type Resource } from "../pack/resource.ts";
import { each } from "../pack/rule.ts";

/** Judges an image by its reference, which is missing where the choice is left to others; `where` is for messages. */
type Judge = (reference: string | undefined, where: string) => void;

/** Has each image judged; one that is not known hides nothing that can be said about the others. */
export type Images = (judge: Judge) => void;

/** The images of containers and volumes, and those that custom resources name; nothing where the kind has none. */
export function imagesOf(resource: Resource): Images | undefined {
  const pods = podsOf(resource);
  if (pods !== undefined) return (judge) => each([inContainers, inVolumes], (within) => within(pods.spec, judge));
  return isCustom(resource) ? (judge) => inCustomResource(resource, judge) : undefined;
}

function inContainers(spec: PodSpec, judge: Judge): void {
  each(containersOf(spec), ({ name, image }) => judge(image, `container "${name}"`));
}

function inVolumes(spec: PodSpec, judge: Judge): void {
  each(spec.volumes ?? [], ({ name, image }) => image && judge(image.reference, `volume "${name}"`));
}

/** What custom resources call a reference to an image, for example the `Cluster` of CloudNativePG. */
const fields: ReadonlySet<string> = new Set(["image", "imageName"]);

function inCustomResource(resource: Resource, judge: Judge): void {
  if (isKind(resource, "Cluster")) {
    const { imageName, imageCatalogRef } = resource.props.spec ?? {};
    if (imageName === undefined && imageCatalogRef === undefined) judge(undefined, "spec.imageName");
  }
  inTree(resource.props, "", judge);
}

function inTree(tree: object, path: string, judge: Judge): void {
  each(Object.keys(tree), (key) => {
    const value: unknown = Reflect.get(tree, key);
    const here = path === "" ? key : `${path}.${key}`;
    if (typeof value === "string" && fields.has(key)) judge(value, here);
    // What others write into the object is not the stack's choice.
    else if (typeof value === "object" && value !== null && here !== "metadata" && here !== "status") {
      inTree(value, here, judge);
    }
  });
}

/** Whether it is an object of a kind that Kubernetes itself does not bring: its own groups have no dot or end in k8s.io. */
function isCustom({ type }: Resource): boolean {
  const { group = "" } = groupAndKind(type) ?? {};
  return group.includes(".") && group !== "helm.sh" && !/(^|\.)k8s\.io$/.test(group);
}
