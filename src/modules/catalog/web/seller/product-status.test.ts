import { expect, test } from 'vitest';
import type { SellerProduct } from '../../contract.ts';
import { isOnlyDraft, nameOf, statusOf } from './product-status.tsx';

const product = (fields: Partial<SellerProduct>): SellerProduct => ({
  id: '0190a3b0-0000-7000-8000-000000000001', slug: 's', category: 'agent', subcategory: 'single', status: 'draft', listed: false, availability: 'available', name: 'A', summary: '', logo: null,
  rejection_reason: null, version: null, pending_version: null, has_draft: true, draft_step: 2, runs: 0, rating: null, ratings: 0, subscribers: 0,
  created_at: '2026-11-20T10:00:00Z', updated_at: '2026-11-20T10:00:00Z', published_at: null, ...fields,
});

test('the status says what buyers get, not what the newest version waits for', () => {
  expect(statusOf(product({})).label).toBe('Draft');
  expect(statusOf(product({ status: 'pending_review', pending_version: 1, has_draft: false })).label).toBe('In review');
  expect(statusOf(product({ status: 'rejected' })).label).toBe('Rejected');
  expect(statusOf(product({ status: 'approved', version: 1, listed: true, pending_version: 2 })).label).toBe('Active');
  expect(statusOf(product({ status: 'approved', version: 1, listed: false })).label).toBe('Unpublished');
  expect(statusOf(product({ status: 'archived', version: 1 })).label).toBe('Archived');
});

test('a draft without any version can only be continued', () => {
  expect(isOnlyDraft(product({}))).toBe(true);
  expect(isOnlyDraft(product({ version: 1 }))).toBe(false);
  expect(nameOf(product({ name: ' ' }))).toBe('Untitled product');
});
