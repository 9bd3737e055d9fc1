import type { Rule } from "../pack/rule.ts";
import { allowedRegistries } from "./allowed-registries.ts";
import { byDigest } from "./by-digest.ts";
import { noDeadImages } from "./no-dead-images.ts";

export const images: readonly Rule[] = [allowedRegistries, byDigest, noDeadImages];
