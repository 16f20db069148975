export { productApproved, productRejected, productSubmitted } from './events.ts';
export { activeVersion, approvedVersion, productForPurchase } from './for-sale.ts';
export type { ActiveVersion, ProductForPurchase, VersionForUse } from './for-sale.ts';
export { addRuns, writeReview } from './rating.ts';
export type { NewReview } from './rating.ts';
