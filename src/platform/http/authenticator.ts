import type { IncomingHttpHeaders } from 'node:http';
import type { Role, Scope } from '../contract/endpoint.ts';

export interface SessionUser { userId: string; name: string; email: string; operator: boolean; activeTenant: string | null }

/** An API key that was found and is valid. */
export interface PresentedKey {
  keyId: string; tenant: string; subscriptionId: string; scopes: readonly Scope[]; publishable: boolean; live: boolean;
  /** Exact origins a publishable key may be used from. */
  allowedOrigins: readonly string[];
}

/** How the kernel learns who calls. Filled by the modules that own sessions and keys. */
export interface Authenticator {
  session(headers: IncomingHttpHeaders): Promise<SessionUser | null>;
  role(userId: string, tenant: string): Promise<Role | null>;
  /** Throws a Problem (`key-invalid`, `key-expired`) for a key that is not usable. */
  key(presented: string): Promise<PresentedKey>;
  /** A call with this key was admitted. */
  keyUsed(keyId: string): void;
}
