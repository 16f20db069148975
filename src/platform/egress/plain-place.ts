import { isPublicAddress } from './egress.ts';

/**
 * Whether an address may carry credentials although it is not encrypted: a private one, or an unusual port. The guard
 * refuses both unless the operator opened them, so such a place is in the operator's own network.
 */
export function mayBePlain({ hostname, port }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!['', '80', '443'].includes(port)) return true;
  return /^[\d.]+$/.test(host) || host.includes(':') ? !isPublicAddress(host) : !host.includes('.');
}
