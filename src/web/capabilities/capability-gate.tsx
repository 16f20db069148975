import { createContext, useContext, type ReactNode } from 'react';
import { getAt, isRecord, parsePath } from '#web/form/form-values.ts';

/*
 * What a product can do decides what its screens show. A screen puts the subscription's capability snapshot into
 * `CapabilityProvider`; anything below asks by path.
 */
const CapabilityContext = createContext<unknown>(undefined);

export const CapabilityProvider = ({ capabilities, children }: { capabilities: object; children: ReactNode }) => (
  <CapabilityContext value={capabilities}>{children}</CapabilityContext>
);

/** Whether a capability is on: `true`, an object that is not switched off, a list that is not empty, a number above zero. */
export const isAllowed = (capabilities: unknown, path: string): boolean => {
  const parts = parsePath(path);
  // A group that is switched off closes everything inside it.
  for (let length = 1; length < parts.length; length++) {
    const group = getAt(capabilities, parts.slice(0, length));
    if (isRecord(group) && group.enabled === false) return false;
  }
  const value = getAt(capabilities, parts);
  if (isRecord(value)) return value.enabled !== false;
  if (Array.isArray(value)) return value.length > 0;
  return value === true || (typeof value === 'number' && value > 0) || (typeof value === 'string' && value !== '');
};

/** `useCapability('interfaces.widget')`: may this subscription do it? False outside a provider. */
export const useCapability = (path: string): boolean => isAllowed(useContext(CapabilityContext), path);

/** Shows its children only where the capability is on. */
export const CapabilityGate = ({ capability, children, otherwise = null }: { capability: string; children: ReactNode; otherwise?: ReactNode }) =>
  (useCapability(capability) ? children : otherwise);
