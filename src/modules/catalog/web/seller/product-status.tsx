import { Badge } from '@mantine/core';
import type { SellerProduct } from '../../contract.ts';

export interface StatusWords { label: string; color: string; /** What it means for buyers. */ meaning: string }

/** Where a product stands, in one word and one sentence. */
export const statusOf = ({ status, listed, version, pending_version: pending, availability }: SellerProduct): StatusWords => {
  if (status === 'archived') return { label: 'Archived', color: 'gray', meaning: 'Nobody can subscribe. Subscriptions that run go on.' };
  if (version !== null) {
    if (!listed) return { label: 'Unpublished', color: 'gray', meaning: 'Not in the marketplace. Subscriptions that run go on.' };
    if (availability === 'coming') return { label: 'Coming', color: 'gray', meaning: 'Shown in the marketplace, not for sale yet.' };
    return { label: 'Active', color: 'green', meaning: 'In the marketplace.' };
  }
  if (pending !== null) return { label: 'In review', color: 'amber', meaning: 'An operator looks at it. It is listed once it is approved.' };
  if (status === 'rejected') return { label: 'Rejected', color: 'red', meaning: 'Something has to change before it can be listed.' };
  return { label: 'Draft', color: 'gray', meaning: 'Not published yet.' };
};

export const StatusBadge = ({ product }: { product: SellerProduct }) => {
  const { label, color } = statusOf(product);
  return <Badge color={color} miw="max-content">{label}</Badge>;
};

/** True where the draft is all there is: what one can do is continue it. */
export const isOnlyDraft = ({ version, pending_version: pending, has_draft: draft }: SellerProduct): boolean => version === null && pending === null && draft;

export const nameOf = ({ name }: SellerProduct): string => (name.trim() === '' ? 'Untitled product' : name);
