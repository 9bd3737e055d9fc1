/** Address of a site as people see it, without a slash at its end. @param publicPort port of the edge, as they see it */
export function publicUrl(host: string, publicPort = 443): string {
  return `https://${host}${publicPort === 443 ? "" : `:${publicPort}`}`;
}
