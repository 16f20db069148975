import { identityEndpoints } from '#modules/identity/contract.ts';
import type { Person, TestApp } from './app.ts';
import { providerEndpoints, reviewEndpoints, type DraftPatch } from '#modules/catalog/contract.ts';

export interface SellerPerson extends Person { providerId: string }

/** Somebody whose organization has a provider profile. */
export async function sellerIn(app: TestApp, name: string): Promise<SellerPerson> {
  const person = await app.person(name);
  const provider = await person.ok(identityEndpoints.becomeProvider, { params: { organizationId: person.organizationId }, body: { name: `${name} Agents` } });
  return { ...person, providerId: provider.id };
}

/** Everything the wizard asks for, beside the flow. */
export const completeDraft = (slug: string, name = 'Support Agent'): DraftPatch => ({
  capabilities: { configuration: { rag: { enabled: false } } },
  plans: [
    { name: 'Starter', tier: 'starter', priceMonthlyMinor: 2900, limits: { messages: 1000 }, rateCard: { message: 2 } },
    { name: 'Enterprise', tier: 'enterprise', priceMonthlyMinor: null },
  ],
  listing: {
    name, slug, summary: `${name} answers the questions of customers.`, description: 'It answers, day and night, from what you teach it.',
    tags: ['support', 'customers'], departments: ['support'], welcomeMessage: 'Hello', suggestedPrompts: ['Where is my parcel?'],
  },
});

/** A product with a template flow and a complete draft, not yet submitted. */
export async function draftedProduct(seller: SellerPerson, slug: string, name?: string, more: DraftPatch = {}): Promise<string> {
  const { id } = await seller.ok(providerEndpoints.createProduct, { body: { category: 'agent', name: name ?? '' } });
  const answer = await seller.fetch(`/api/v1/provider/products/${id}/flow`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"template":"blank"}' });
  if (answer.status !== 201) throw new Error(`template: ${answer.status} ${await answer.text()}`);
  await seller.ok(providerEndpoints.saveDraft, { params: { productId: id }, body: { ...completeDraft(slug, name), ...more } });
  return id;
}

/** The version of the product that waits for review. */
export async function waitingVersion(operator: Person, productId: string): Promise<string> {
  const { data } = await operator.ok(reviewEndpoints.listQueue, { query: {} });
  const item = data.find((candidate) => candidate.product_id === productId);
  if (!item) throw new Error('nothing waits for review');
  return item.version_id;
}

/** A product in the marketplace. */
export async function soldProduct(seller: SellerPerson, operator: Person, slug: string, name?: string, more: DraftPatch = {}): Promise<string> {
  const productId = await draftedProduct(seller, slug, name, more);
  await seller.ok(providerEndpoints.submitProduct, { params: { productId } });
  await operator.ok(reviewEndpoints.approve, { params: { versionId: await waitingVersion(operator, productId) }, body: {} });
  return productId;
}

/** Submits a further version of a product: the one on sale with these parts, and this template as its flow. Returns its id. */
export async function submittedVersion(seller: Person, operator: Person, productId: string, { template, ...parts }: DraftPatch): Promise<string> {
  const params = { productId };
  await seller.ok(providerEndpoints.editProduct, { params });
  if (template) {
    const answer = await seller.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ template }) });
    if (answer.status !== 201) throw new Error(`template: ${answer.status} ${await answer.text()}`);
  }
  await seller.ok(providerEndpoints.saveDraft, { params, body: parts });
  await seller.ok(providerEndpoints.submitProduct, { params });
  return waitingVersion(operator, productId);
}

/** The same, approved. */
export async function nextVersion(seller: Person, operator: Person, productId: string, parts: DraftPatch): Promise<string> {
  const versionId = await submittedVersion(seller, operator, productId, parts);
  await operator.ok(reviewEndpoints.approve, { params: { versionId }, body: {} });
  return versionId;
}
