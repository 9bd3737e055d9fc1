import { builtWithFile } from "../../../images/keycloak/build-options.ts";
import { paths } from "./paths.ts";

/**
 * Starts Keycloak from an image that was built with the wanted options, as ours is. One that was not, as upstream's, is
 * copied to where it can be written and built there first, which takes a minute and half a gigabyte.
 */
export const startScript = `#!/bin/sh
set -eu
options=$1
shift
home=${paths.home}
if [ "$(cat "$home/${builtWithFile}" 2>/dev/null)" != "$options" ]; then
  echo '{"level":"INFO","message":"The image was built with other options: building a copy"}'
  rm -rf ${paths.work}/keycloak
  cp -R "$home" ${paths.work}/keycloak
  chmod -R u+w ${paths.work}/keycloak
  home=${paths.work}/keycloak
  # Words of one option each.
  "$home/bin/kc.sh" build $options
fi
exec "$home/bin/kc.sh" "$@"
`;
