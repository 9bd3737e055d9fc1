/** The stack of images: each one that lies built in the cache, pushed to the registry; its outputs are the digests. */
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { imageNames } from "./catalogue.ts";
import { destination } from "./destination.ts";
import { imageInputs } from "./inputs.ts";
import { builtImage } from "./recipe.ts";

const config = new pulumi.Config();
const { pushPrefix, host, plainHttp } = destination(config.require("registry"));
const username = config.get("username");
const address = plainHttp ? `http://${host}` : host;
const registryAuth = username
  ? { address, username, password: config.requireSecret("password") }
  : // Unless it is said that there is nothing to say, the provider looks for credentials and prints what it finds.
    { address, authDisabled: true };
const daemon = process.env.DOCKER_HOST;
if (daemon === undefined) throw new Error("DOCKER_HOST does not say where Docker is: run `make images`");
const builder = new docker.Provider("builder", {
  host: daemon,
  registryAuth: [registryAuth],
});

const pushed = imageNames.map((name) => {
  const image = builtImage(name, imageInputs(name, import.meta.dirname));
  if (image === undefined) throw new Error(`Image ${name} is not built: run \`make images\``);
  const loaded = new docker.RemoteImage(
    name,
    { name: `${pushPrefix}/${name}:${image.tag}`, keepLocally: false },
    { provider: builder },
  );
  // What a running pod came from must stay: its node may want to pull it again.
  const registryImage = new docker.RegistryImage(
    name,
    { name: loaded.name, keepRemotely: true },
    { provider: builder },
  );
  return [name, { tag: image.tag, digest: registryImage.sha256Digest }] as const;
});

export const images = Object.fromEntries(pushed);
