import { z } from "zod";
import { text } from "../setting.ts";
import { named } from "./text.ts";

/** Apart from the machines: whatever lies beside a secret is hidden in messages. */
export const bmcCredentials = named(
  z
    .strictObject({
      username: text(/^\S+$/, {
        description: "Who Metal3 signs in as.",
        allowed: "a name without spaces",
        example: "metal3",
      }),
      password: z.string().min(1).max(4096).meta({
        description:
          "The password. Set it with `pulumi config set --secret --path roost:bmcCredentials.<machine>.password`; plain text is refused.",
        allowed: "a password, encrypted",
        example: "correct horse battery staple",
        secret: true,
      }),
    })
    .meta({ description: "User and password of one management controller." }),
  63,
  {
    description: "Users and passwords of management controllers (`roost:servers.machines.<machine>.bmc`), by machine.",
    allowed: "an object with user and password under each host name",
    entryName: "machine",
    example: { "storage-1": { username: "metal3" } },
  },
);
