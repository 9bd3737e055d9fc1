import type { Encryption, Unlock } from "../model.ts";

/** A way to unlock, as `clevis luks bind` takes it. */
export interface ClevisPin {
  readonly pin: "tpm2" | "sss";
  /** Its configuration, in JSON. */
  readonly policy: string;
}

/** All ways to unlock without a person. The pin `sss` stands for several servers of which so many must answer. */
export function clevisPins(encryption: Encryption): readonly ClevisPin[] {
  if (encryption.kind === "none") return [];
  return encryption.unlock.flatMap(pinsOf);
}

function pinsOf(unlock: Unlock): ClevisPin[] {
  switch (unlock.kind) {
    case "tpm2":
      return [{ pin: "tpm2", policy: JSON.stringify({ pcr_bank: "sha256", pcr_ids: unlock.pcrs.join(",") }) }];
    case "tang":
      return [{ pin: "sss", policy: tangPolicy(unlock) }];
    case "escrow":
      return [];
  }
}

export function tangPolicy({ servers, threshold }: Extract<Unlock, { kind: "tang" }>): string {
  const tang = servers.map(({ url, thumbprint }) => ({ url, thp: thumbprint }));
  return JSON.stringify({ t: threshold, pins: { tang } });
}
