/** Container images: what there is, and by which digest the stack runs it. */
export { type Account, type Image, type ImageName, type ImageSource, imageNames, images } from "./catalogue.ts";
export { loadImages } from "./load.ts";
export { type ImageReferences, imageReferences, lockFiles } from "./lock.ts";
