/**
 * Starts one of Synapse's programs when its database answers. Synapse itself gives up at once when it does not, and would
 * be started again only after a pause that doubles each time: after a power failure, minutes after the database is back.
 */
export const startScript = `import json, runpy, signal, sys, time

import psycopg2, yaml

# The first process of a container ignores signals that it has no handler for.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

secrets, *sys.argv = sys.argv[1:]
with open(secrets) as file:
    arguments = yaml.safe_load(file)["database"]["args"]
arguments = {name: value for name, value in arguments.items() if not name.startswith("cp_")}

while True:
    try:
        psycopg2.connect(**arguments).close()
        break
    except psycopg2.OperationalError as error:
        print(json.dumps({"log": "Waiting for the database: %s" % error, "level": "WARNING"}), flush=True)
        time.sleep(1)

runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
`;
