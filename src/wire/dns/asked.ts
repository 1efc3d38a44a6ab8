/**
 * Whether a request asks for the walk from the root: `trace`, or `trace fresh`, which uses nothing of earlier walks.
 */
export function isWalk(dns: string | undefined): boolean {
  return dns === 'trace' || dns === 'trace fresh';
}
