import { apply, kubectl, python } from "./kubectl.ts";

/** `host:port` → whether a TCP connection was made. */
export type Reached = Readonly<Record<string, boolean>>;

const PROGRAM = `
import json, socket, sys
from concurrent.futures import ThreadPoolExecutor

def reach(target):
    host, port = target.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=3).close()
        return True
    except OSError:
        return False

targets = sys.argv[1:]
with ThreadPoolExecutor(64) as pool:
    print(json.dumps(dict(zip(targets, pool.map(reach, targets)))))
`;

/** Tries to connect from within a pod that has Python. */
export async function reachedFrom(namespace: string, pod: string, targets: readonly string[]): Promise<Reached> {
  return JSON.parse(await python({ namespace, pod }, PROGRAM, ...targets));
}

/** A pod that nothing is wired to, as an intruder would start it. */
export async function startProbe(namespace: string, name: string, image: string): Promise<void> {
  await apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { "app.kubernetes.io/name": name } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 991,
        runAsGroup: 991,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "probe",
          image,
          command: ["python3", "-c", "import time; time.sleep(36000)"],
          resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "128Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
          },
        },
      ],
    },
  });
  await kubectl(["wait", "--for=condition=Ready", "-n", namespace, `pod/${name}`, "--timeout=60s"]);
}
