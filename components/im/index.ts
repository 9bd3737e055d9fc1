import type * as pulumi from "@pulumi/pulumi";
import type { MatrixArgs } from "./matrix/index.ts";
import { Matrix } from "./matrix/index.ts";
import type { ImService } from "./service.ts";

export type {
  DatabaseConnection,
  DatabaseSource,
  MatrixArgs,
  MatrixSettings,
  SingleSignOnArgs,
  UserTypeRights,
} from "./matrix/index.ts";
export {
  accountCommand,
  addressesOf,
  administrationCommand,
  capturedTables,
  Matrix,
  synapseOidcClient,
} from "./matrix/index.ts";
export type { Account, BulkAccess, Engine, ImService, Support } from "./service.ts";

/** An engine with its arguments: those of one cannot be given to another. */
export type ImServiceArgs = { readonly engine: "matrix" } & MatrixArgs;

/** Makes the IM service of the chosen engine. */
export function createImService(
  name: string,
  args: ImServiceArgs,
  opts?: pulumi.ComponentResourceOptions,
): ImService & pulumi.Resource {
  switch (args.engine) {
    case "matrix":
      return new Matrix(name, args, opts);
    default:
      return refuse(args.engine);
  }
}

/** A further engine in the union does not compile until it has a case of its own. */
function refuse(engine: never): never {
  throw new Error(`roost:im.engine is ${JSON.stringify(engine)}, which cannot be deployed; "matrix" is allowed.`);
}
