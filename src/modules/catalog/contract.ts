import { z } from 'zod';
import { endpoint, Id, Timestamp } from '#platform/contract/endpoint.ts';
import { Category, DeclaredCapabilities, ProductCapabilities } from '#modules/capabilities/contract.ts';
import { FlowParameter, ImportReport } from '#modules/flows/contract.ts';
import { cardEndpoints, CategorySlug, ProductCard } from './card-contract.ts';
import { CheckQuestion, CheckScore, QUESTIONS_MAX } from './checks/contract.ts';

export { CategorySlug, ProductCard } from './card-contract.ts';

/** Address of a picture: one uploaded here, or a path of this installation. */
export const ImagePath = z.string().max(300).regex(/^\/(?:files|samples)(?:\/[\w-]+(?:\.[\w-]+)*)+$/, 'upload a picture first');

const credits = z.int().min(0).max(10_000);
const quota = z.int().min(0).max(1_000_000_000).nullable();
const price = z.int().min(0).max(100_000_000).nullable();

/** What an action costs in credits; the default is message 1-3 by product, document 5, image 10, voice 2, demo 0. */
export const RateCard = z.strictObject({
  message: credits.default(1).meta({ title: 'Message', ui: { unit: 'credits' } }),
  document: credits.default(5).meta({ title: 'Document', description: 'Each document processed for the knowledge base.', ui: { unit: 'credits' } }),
  image: credits.default(10).meta({ title: 'Image', ui: { unit: 'credits' } }),
  voice: credits.default(2).meta({ title: 'Voice', ui: { unit: 'credits' } }),
});
export type RateCard = z.infer<typeof RateCard>;

/** One plan as the seller declares it and as the gateway enforces it. Prices in minor units; null is "contact us". */
export const PlanTerms = z.strictObject({
  key: z.string().regex(/^[a-z0-9-]{2,40}$/).meta({ title: 'Key', ui: { widget: 'hidden' } }),
  name: z.string().trim().min(2).max(60).meta({ title: 'Name' }),
  tier: z.enum(['starter', 'pro', 'enterprise', 'custom']).meta({ title: 'Tier', description: 'Sets the default rate limits and priority.' }),
  description: z.string().trim().max(200).default('').meta({ title: 'Description' }),
  priceMonthlyMinor: price.meta({ title: 'Monthly price', description: 'In cents. Leave empty for "contact us"; 0 for credits only.' }),
  priceYearlyMinor: price.default(null).meta({ title: 'Yearly price', description: 'In cents. Leave empty when there is no yearly price.' }),
  currency: z.enum(['USD', 'EUR', 'GBP']).default('USD').meta({ title: 'Currency' }),
  rateCard: RateCard.default({ message: 1, document: 5, image: 10, voice: 2 }).meta({ title: 'Credits per action' }),
  limits: z.strictObject({
    messages: quota.default(null).meta({ title: 'Messages a month', description: 'Empty means unlimited.' }),
    tokens: quota.default(null).meta({ title: 'Tokens a month' }),
    apiCalls: quota.default(null).meta({ title: 'API calls a month' }),
    users: quota.default(null).meta({ title: 'Users' }),
    storageMB: quota.default(null).meta({ title: 'Storage', ui: { unit: 'MB' } }),
    documents: quota.default(null).meta({ title: 'Documents' }),
    requestsPerMinute: quota.default(null).meta({ title: 'Requests a minute' }),
    concurrency: quota.default(null).meta({ title: 'Requests at the same time' }),
  }).prefault({}).meta({ title: 'Limits' }),
  runtime: z.enum(['shared', 'dedicated']).default('shared').meta({ title: 'Runtime' }),
  support: z.enum(['community', 'email', 'priority', '24x7']).default('email').meta({ title: 'Support' }),
  features: z.array(z.string().trim().min(1).max(120)).max(20).default([]).meta({ title: 'What it includes', ui: { widget: 'tags' } }),
});
export type PlanTerms = z.infer<typeof PlanTerms>;

/** How a product presents itself in the marketplace. */
export const Listing = z.strictObject({
  name: z.string().trim().min(3).max(80).meta({ title: 'Name' }),
  slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case letters, digits and hyphens').min(3).max(80).meta({ title: 'Address', description: 'The last part of the product page’s address.' }),
  summary: z.string().trim().min(10).max(150).meta({ title: 'Summary', description: 'One sentence, at most 150 characters.', ui: { widget: 'textarea' } }),
  description: z.string().trim().min(20).max(20_000).meta({ title: 'Description', ui: { widget: 'markdown' } }),
  logo: ImagePath.nullable().default(null).meta({ title: 'Logo', ui: { widget: 'image' } }),
  screenshots: z.array(ImagePath).max(8).default([]).meta({ title: 'Screenshots', ui: { widget: 'image' } }),
  videoUrl: z.url({ protocol: /^https$/ }).max(300).nullable().default(null).meta({ title: 'Demo video', description: 'A YouTube or Vimeo address.' }),
  docsUrl: z.url({ protocol: /^https$/ }).max(300).nullable().default(null).meta({ title: 'Documentation' }),
  tags: z.array(z.string().trim().min(2).max(30)).max(12).default([]).meta({ title: 'Tags', ui: { widget: 'tags' } }),
  departments: z.array(z.enum(['sales', 'marketing', 'support', 'hr', 'finance', 'ops', 'dev', 'general'])).max(8).default([]).meta({ title: 'Departments', ui: { widget: 'chips' } }),
  welcomeMessage: z.string().trim().max(1000).default('').meta({ title: 'Welcome message', description: 'The first thing people read when they try it. Buyers may write their own.', ui: { widget: 'textarea' } }),
  suggestedPrompts: z.array(z.string().trim().min(1).max(160)).max(8).default([]).meta({ title: 'Suggested questions', description: 'What people can try with one click.', ui: { widget: 'list' } }),
});
export type Listing = z.infer<typeof Listing>;

const draftParts = {
  category: Category,
  subcategory: z.string().max(40),
  flowId: Id.nullable(),
  template: z.string().max(60).nullable(),
  /** Names of flow parameters handed to buyers. */
  exposedParameters: z.array(z.string().max(80)).max(100),
  /** What the seller declared; category defaults are merged underneath. */
  capabilities: z.record(z.string(), z.unknown()),
  plans: z.array(z.record(z.string(), z.unknown())).max(6),
  listing: z.record(z.string(), z.unknown()),
  changelog: z.string().max(2000),
  /** What every version is checked with when it is submitted. */
  questions: z.array(CheckQuestion).max(QUESTIONS_MAX),
};

/** What the wizard keeps between visits: every part may be missing or unfinished, and is checked when submitted. */
export const ProductDraft = z.strictObject({
  ...draftParts,
  flowId: draftParts.flowId.default(null),
  template: draftParts.template.default(null),
  exposedParameters: draftParts.exposedParameters.default([]),
  capabilities: draftParts.capabilities.default({}),
  plans: draftParts.plans.default([]),
  listing: draftParts.listing.default({}),
  changelog: draftParts.changelog.default(''),
  questions: draftParts.questions.default([]),
});
export type ProductDraft = z.infer<typeof ProductDraft>;

/** What one save sends: a part that is left out stays as it is, a part that is sent replaces the stored one. Without defaults, which would empty what is left out. */
export const DraftPatch = z.strictObject({ ...draftParts, step: z.int().min(1).max(5) }).partial();
export type DraftPatch = z.infer<typeof DraftPatch>;

/** Something a draft still lacks or contradicts; errors keep it from being submitted. */
export const DraftFinding = z.object({
  step: z.enum(['category', 'flow', 'capabilities', 'plans', 'listing']),
  severity: z.enum(['error', 'warning', 'hint']),
  /** Dotted path inside the draft (`plans.0.name`, `capabilities.interfaces.chat`), or one that begins with `flow`. */
  path: z.string(),
  message: z.string(),
});
export type DraftFinding = z.infer<typeof DraftFinding>;

export const ProductStatus = z.enum(['draft', 'pending_review', 'approved', 'rejected', 'archived']);

export const SellerProduct = z.object({
  id: Id, slug: z.string(), category: Category, subcategory: z.string(), status: ProductStatus, listed: z.boolean(), availability: z.enum(['available', 'coming']),
  name: z.string(), summary: z.string(), logo: z.string().nullable(), rejection_reason: z.string().nullable(),
  /** Number of the version that buyers get, and of the one that waits for review. */
  version: z.number().int().nullable(), pending_version: z.number().int().nullable(), has_draft: z.boolean(), draft_step: z.number().int().nullable(),
  runs: z.number().int(), rating: z.number().nullable(), ratings: z.number().int(), subscribers: z.number().int(),
  created_at: Timestamp, updated_at: Timestamp, published_at: Timestamp.nullable(),
});
export type SellerProduct = z.infer<typeof SellerProduct>;

export const Draft = z.object({
  product_id: Id, step: z.number().int(), draft: ProductDraft,
  /** Declared capabilities with the category's defaults underneath: what the editor shows. */
  capabilities: ProductCapabilities,
  /** What the category brings by itself, for showing what the seller changed. */
  defaults: ProductCapabilities,
  report: ImportReport.nullable(),
  findings: z.array(DraftFinding),
  updated_at: Timestamp,
});

export const Version = z.object({
  id: Id, number: z.number().int(), status: z.enum(['pending_review', 'approved', 'rejected']), active: z.boolean(), changelog: z.string(),
  submitted_at: Timestamp, reviewed_at: Timestamp.nullable(), rejection_reason: z.string().nullable(), checks: CheckScore.nullable(),
  /** Whether the file of its flow can be downloaded. */
  has_file: z.boolean(),
});

export const Plan = z.object({ id: Id, terms: PlanTerms, position: z.number().int() }).meta({ id: 'Plan' });
export type Plan = z.infer<typeof Plan>;

export const Review = z.object({ id: Id, author: z.string(), rating: z.number().int(), text: z.string(), mine: z.boolean(), updated_at: Timestamp });

export const ProductDetail = ProductCard.extend({
  description: z.string(), screenshots: z.array(z.string()), video_url: z.string().nullable(), docs_url: z.string().nullable(), departments: z.array(z.string()),
  capabilities: ProductCapabilities, plans: z.array(Plan), version: z.number().int(), changelog: z.string(),
  /** What a buyer may set of the flow. */
  parameters: z.array(FlowParameter),
  suggested_prompts: z.array(z.string()), welcome_message: z.string(),
  rating_split: z.array(z.number().int()).length(5),
  versions: z.array(z.object({ number: z.number().int(), changelog: z.string(), published_at: Timestamp })),
  /** How the version on sale did in its seller's own checks; null when it has none, or they are not finished. */
  checks: z.object({ passed: z.number().int(), total: z.number().int(), checked_at: Timestamp }).nullable(),
}).meta({ id: 'Product' });
export type ProductDetail = z.infer<typeof ProductDetail>;

export const ReviewItem = z.object({
  version_id: Id, product_id: Id, number: z.number().int(), name: z.string(), category: Category, provider: z.object({ id: Id, name: z.string(), verified: z.boolean() }),
  submitted_at: Timestamp, unsupported_nodes: z.number().int(), secrets_found: z.number().int(), has_code: z.boolean(), first: z.boolean(), checks: CheckScore.nullable(),
});

const productParams = z.object({ productId: Id });
const versionParams = z.object({ versionId: Id });
const storefront = { public: 'the storefront is open to everybody' } as const;
export const marketplaceEndpoints = {
  ...cardEndpoints,
  getProduct: endpoint({
    method: 'GET', path: '/api/v1/marketplace/products/:productId', access: storefront, summary: 'A product (by id or address)', tags: ['Marketplace'],
    params: z.object({ productId: z.string().min(3).max(80) }), response: ProductDetail,
  }),
  listReviews: endpoint({
    method: 'GET', path: '/api/v1/marketplace/products/:productId/reviews', access: storefront, summary: 'Reviews of a product', tags: ['Marketplace'],
    params: productParams, response: z.object({ data: z.array(Review) }),
  }),
};

const listingImages = { member: 'member' } as const;

export const providerEndpoints = {
  listProducts: endpoint({
    method: 'GET', path: '/api/v1/provider/products', aliases: ['/api/provider-agents'], access: { member: 'member' }, summary: 'Your products', tags: ['Seller'],
    query: z.object({ status: ProductStatus.optional(), search: z.string().trim().max(200).optional() }), response: z.object({ data: z.array(SellerProduct) }),
  }),
  createProduct: endpoint({
    method: 'POST', path: '/api/v1/provider/products', access: { member: 'member' }, summary: 'Start a product', tags: ['Seller'],
    body: z.strictObject({ category: Category, subcategory: z.string().max(40).optional(), name: z.string().trim().max(80).default('') }), status: 201, response: SellerProduct,
  }),
  getSellerProduct: endpoint({
    method: 'GET', path: '/api/v1/provider/products/:productId', aliases: ['/api/provider-agents/:productId'], access: { member: 'member' }, summary: 'One of your products', tags: ['Seller'],
    params: productParams, response: SellerProduct,
  }),
  deleteProduct: endpoint({
    method: 'DELETE', path: '/api/v1/provider/products/:productId', access: { member: 'admin' }, summary: 'Delete a product that was never sold, or archive it', tags: ['Seller'],
    params: productParams, status: 204, response: z.undefined(),
  }),
  getDraft: endpoint({
    method: 'GET', path: '/api/v1/provider/products/:productId/draft', access: { member: 'member' }, summary: 'The draft, with what it still lacks', tags: ['Seller'],
    params: productParams, response: Draft,
  }),
  saveDraft: endpoint({
    method: 'PATCH', path: '/api/v1/provider/products/:productId/draft', access: { member: 'member' }, summary: 'Keep part of the draft', tags: ['Seller'],
    params: productParams, body: DraftPatch, response: Draft,
  }),
  /** Multipart field `file` (and `pick`, which flow of a file with several, from 0), or JSON `{template}`. Replaces the flow of the draft. */
  importFlow: endpoint({
    method: 'POST', path: '/api/v1/provider/products/:productId/flow', access: { member: 'member' }, summary: 'Import a flow into the draft', tags: ['Seller'],
    params: productParams, bodyKind: 'multipart', bodyBytesMax: 25 * 1024 * 1024, status: 201, response: Draft,
  }),
  downloadFlow: endpoint({
    method: 'GET', path: '/api/v1/provider/products/:productId/flow/file', access: { member: 'member' }, summary: 'The imported file, without the credentials that were found in it', tags: ['Seller'],
    params: productParams, /** That of the draft, else of the newest version, unless a version is named. */ query: z.object({ version: z.coerce.number().int().min(1).optional() }), produces: 'application/json', response: z.undefined(),
  }),
  getCapabilities: endpoint({
    method: 'GET', path: '/api/v1/provider/products/:productId/capabilities', access: { member: 'member' }, summary: 'Capabilities of the draft, defaults included', tags: ['Seller'],
    params: productParams, response: ProductCapabilities,
  }),
  setCapabilities: endpoint({
    method: 'PUT', path: '/api/v1/provider/products/:productId/capabilities', access: { member: 'member' }, summary: 'Declare what buyers can do', tags: ['Seller'],
    params: productParams, body: DeclaredCapabilities, response: ProductCapabilities,
  }),
  submitProduct: endpoint({
    method: 'POST', path: '/api/v1/provider/products/:productId/publish', aliases: ['/api/provider-agents/:productId/publish'], access: { member: 'member' }, summary: 'Submit the draft for review, or list an approved product again', tags: ['Seller'],
    params: productParams, response: SellerProduct,
  }),
  unpublishProduct: endpoint({
    method: 'POST', path: '/api/v1/provider/products/:productId/unpublish', aliases: ['/api/provider-agents/:productId/unpublish'], access: { member: 'member' }, summary: 'Take a product off the marketplace at once', tags: ['Seller'],
    params: productParams, response: SellerProduct,
  }),
  /** Opens a new draft from the active version. */
  editProduct: endpoint({
    method: 'POST', path: '/api/v1/provider/products/:productId/draft', access: { member: 'member' }, summary: 'Work on a new version', tags: ['Seller'],
    params: productParams, status: 201, response: Draft,
  }),
  listVersions: endpoint({
    method: 'GET', path: '/api/v1/provider/products/:productId/versions', access: { member: 'member' }, summary: 'Versions of a product', tags: ['Seller'],
    params: productParams, response: z.object({ data: z.array(Version) }),
  }),
  uploadAsset: endpoint({
    method: 'POST', path: '/api/v1/assets', access: listingImages, summary: 'Upload a picture (PNG, JPEG, WebP or GIF, at most 5 MB)', tags: ['Seller'],
    bodyKind: 'multipart', bodyBytesMax: 6 * 1024 * 1024, status: 201, response: z.object({ id: Id, path: z.string(), bytes: z.number().int(), content_type: z.string() }),
  }),
  getAsset: endpoint({
    method: 'GET', path: '/files/:assetId', access: { public: 'pictures of listings and brands are public' }, summary: 'A picture', tags: ['Marketplace'],
    params: z.object({ assetId: Id }), produces: 'image/*', response: z.undefined(),
  }),
};

/** What Studio calls to hand a flow over (003, GAP-1). */
export const FlowImport = z.strictObject({
  flow_json: z.unknown(),
  name: z.string().trim().min(1).max(80),
  description: z.string().max(20_000).default(''),
  category: z.union([CategorySlug, Category]),
  provider_uuid: Id,
});

export const studioEndpoints = {
  importFlow: endpoint({
    method: 'POST', path: '/api/flows/import', access: { member: 'member' }, summary: 'Import a flow as a new product', tags: ['Seller'],
    body: FlowImport, bodyBytesMax: 25 * 1024 * 1024, status: 201,
    response: z.object({ offering_uuid: Id, agent_uuid: Id, status: z.literal('created'), report: ImportReport }),
  }),
};

export const reviewEndpoints = {
  listQueue: endpoint({
    method: 'GET', path: '/api/v1/operator/reviews', access: { operator: true }, summary: 'Versions that wait for approval', tags: ['Operator'],
    query: z.object({ status: z.enum(['pending_review', 'approved', 'rejected']).default('pending_review') }), response: z.object({ data: z.array(ReviewItem) }),
  }),
  getReview: endpoint({
    method: 'GET', path: '/api/v1/operator/reviews/:versionId', access: { operator: true }, summary: 'Everything there is to judge a version by', tags: ['Operator'],
    params: versionParams,
    response: ReviewItem.extend({
      status: z.enum(['pending_review', 'approved', 'rejected']), capabilities: ProductCapabilities, listing: Listing, plans: z.array(PlanTerms), report: ImportReport,
      findings: z.array(DraftFinding), rejection_reason: z.string().nullable(), changelog: z.string(),
      code: z.array(z.object({ node: z.string(), source: z.string() })),
    }),
  }),
  approve: endpoint({
    method: 'POST', path: '/api/v1/operator/reviews/:versionId/approve', access: { operator: true }, summary: 'Approve and list', tags: ['Operator'],
    params: versionParams, body: z.strictObject({ verify_provider: z.boolean().default(false) }).default({ verify_provider: false }), response: ReviewItem,
  }),
  reject: endpoint({
    method: 'POST', path: '/api/v1/operator/reviews/:versionId/reject', access: { operator: true }, summary: 'Reject with a reason', tags: ['Operator'],
    params: versionParams, body: z.strictObject({ reason: z.string().trim().min(10, 'say what to change, in at least 10 characters').max(2000).meta({ title: 'What the seller should change', ui: { widget: 'textarea' } }) }), response: ReviewItem,
  }),
};
