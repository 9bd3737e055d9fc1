import type { Rule } from "../pack/rule.ts";
import { distinctValues } from "./distinct-values.ts";
import { fileModes } from "./file-modes.ts";
import { filesNotEnvironment } from "./files-not-environment.ts";
import { noLastingTokens } from "./no-lasting-tokens.ts";
import { noSharedCredential } from "./no-shared-credential.ts";
import { noneInAnnotations } from "./none-in-annotations.ts";
import { noneInArguments } from "./none-in-arguments.ts";
import { noneInConfigMaps } from "./none-in-config-maps.ts";
import { noneInEnvironment } from "./none-in-environment.ts";
import { passwordLength } from "./password-length.ts";

export const secrets: readonly Rule[] = [
  distinctValues,
  fileModes,
  filesNotEnvironment,
  noLastingTokens,
  noSharedCredential,
  noneInAnnotations,
  noneInArguments,
  noneInConfigMaps,
  noneInEnvironment,
  passwordLength,
];
