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
  await apply(strangerPod({ namespace, name, image, program: "import time; time.sleep(36000)" }));
  await kubectl(["wait", "--for=condition=Ready", "-n", namespace, `pod/${name}`, "--timeout=60s"]);
}

export interface StrangerPod {
  readonly namespace: string;
  readonly name: string;
  /** One that has Python. */
  readonly image: string;
  /** What it runs, in Python. */
  readonly program: string;
  /** Claim of a volume that is mounted in it. @default none */
  readonly claim?: string;
}

/** A pod that the stack knows nothing of. */
export function strangerPod({ namespace, name, image, program, claim }: StrangerPod): object {
  return {
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
      ...(claim !== undefined && { volumes: [{ name: "data", persistentVolumeClaim: { claimName: claim } }] }),
      containers: [
        {
          name,
          image,
          command: ["python3", "-c", program],
          ...(claim !== undefined && { volumeMounts: [{ name: "data", mountPath: "/data" }] }),
          resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "128Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
          },
        },
      ],
    },
  };
}
