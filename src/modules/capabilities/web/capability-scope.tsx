import { createContext, useContext, type ReactNode } from 'react';
import type { ProductCapabilities } from '#modules/capabilities/contract.ts';
import { CapabilityProvider } from '#web/capabilities/capability-gate.tsx';

const CapabilityContext = createContext<ProductCapabilities | null>(null);

/**
 * What the product below can do: the snapshot its subscription took at purchase. Below it `CapabilityGate` and
 * `useCapability` answer by path, and `useCapabilities` hands out the whole declaration.
 */
export const CapabilityScope = ({ capabilities, children }: { capabilities: ProductCapabilities; children: ReactNode }) => (
  <CapabilityContext value={capabilities}><CapabilityProvider capabilities={capabilities}>{children}</CapabilityProvider></CapabilityContext>
);

/** The capabilities of the product one is looking at. @throws outside a {@link CapabilityScope}: a bug of the screen. */
export const useCapabilities = (): ProductCapabilities => {
  const capabilities = useContext(CapabilityContext);
  if (capabilities === null) throw new Error('This screen needs the capabilities of a product');
  return capabilities;
};
