import { afterEach, beforeEach } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";

/** A resource as a component asks for it. */
export interface Registered<Inputs> {
  readonly type: string;
  readonly name: string;
  readonly inputs: Inputs;
}

/**
 * Runs each test of the file under Pulumi's mocks.
 *
 * @param outputs what providers add to a resource's inputs. @default certificates, keys and passwords by their names
 * @returns what the test has registered; await `pulumi.runtime.disconnect()` before it is read
 */
export function registeredResources<Inputs>(
  outputs: (type: string, name: string) => object = generated,
): readonly Registered<Inputs>[] {
  const registered: Registered<Inputs>[] = [];
  beforeEach(async () => {
    registered.length = 0;
    await pulumi.runtime.setMocks({
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return { id: name, state: { ...inputs, ...outputs(type, name) } };
      },
    });
  });
  afterEach(() => pulumi.runtime.disconnect());
  return registered;
}

function generated(type: string, name: string): object {
  if (type.startsWith("kubernetes:")) return {};
  return {
    certPem: `certificate of ${name}`,
    certRequestPem: "request",
    privateKeyPem: "key",
    result: `secret of ${name}`,
    b64Url: "5L6g3nShT-eMCtK--X86sw",
  };
}
