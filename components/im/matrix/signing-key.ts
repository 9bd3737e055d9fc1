/**
 * Synapse's file for a signing key: algorithm, name of the key, and seed in base64 without padding.
 * @param seed 32 random bytes in base64
 */
export function signingKeyFile(seed: string): string {
  return `ed25519 a_1 ${seed.replace(/=+$/, "")}\n`;
}
