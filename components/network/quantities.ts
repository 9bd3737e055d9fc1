/** Quantities as Kubernetes writes them back: otherwise every refresh would find a difference. */

/** Cores, for example `500m` or `2`. */
export function cpuQuantity(cpus: number): string {
  return Number.isInteger(cpus) ? `${cpus}` : `${Math.round(cpus * 1000)}m`;
}

/** Memory or storage in the largest binary unit that holds it without a fraction, for example `640Mi`, `2Gi`. */
export function binaryQuantity(mebibytes: number): string {
  const units = ["Mi", "Gi", "Ti", "Pi"];
  let amount = mebibytes;
  let unit = 0;
  while (amount > 0 && amount % 1024 === 0 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${amount}${units[unit]}`;
}
