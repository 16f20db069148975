import type { Platform, Process } from '#platform/context.ts';
import { isUuid } from '#platform/crypto/ids.ts';
import type { Authenticator } from '#platform/http/authenticator.ts';
import type { HttpExchange, Serve } from '#platform/http/serve.ts';
import type { Module } from '#platform/module.ts';
import { systemProcess } from '#platform/process.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import { pictures } from './assets.ts';
import { ensureCategories, listCategories } from './categories.ts';
import { versionComparison } from './changes/compare-versions.ts';
import { changesEndpoints } from './changes/contract.ts';
import { checkEndpoints } from './checks/contract.ts';
import { uploadQuestions } from './checks/upload-questions.ts';
import { checksJob, getChecks, getReviewChecks, repeatChecks } from './checks/version-checks.ts';
import { marketplaceEndpoints, providerEndpoints, reviewEndpoints, studioEndpoints } from './contract.ts';
import { editProduct, getCapabilities, getDraft, saveDraft, setCapabilities } from './drafts.ts';
import { flowEditing } from './flow-editing.ts';
import { flowEditingEndpoints } from './flow-editing-contract.ts';
import { flowImport } from './flow-import.ts';
import type { NamedModels } from './model-findings.ts';
import type { Sales, VersionAnswers, Studio } from './ports.ts';
import { getProduct, listReviews } from './product-detail.ts';
import { listVersions, publish, unpublish } from './publishing.ts';
import { approve, getReview, listQueue, reject } from './reviewing.ts';
import { searchProducts } from './search-products.ts';
import { designInStudio } from './studio.ts';
import { designEndpoints } from './studio-contract.ts';
import { sellerProducts } from './seller-products.ts';

export { activeVersion, approvedVersion, newerVersions, newestVersions, ownVersion, plansOfVersion, productForPurchase } from './for-sale.ts';
export type { ActiveVersion, NewerVersion, ProductForPurchase, VersionForUse } from './for-sale.ts';
export { draftForPreview } from './preview.ts';
export type { PreviewOfDraft } from './preview.ts';
export { getProduct } from './product-detail.ts';
export { addRuns, writeReview } from './rating.ts';
export type { NewReview } from './rating.ts';
export { checkSample, publishSample } from './sample.ts';
export type { SampleProduct } from './sample.ts';
export { products, productVersions } from './tables.ts';

export interface CatalogOptions {
  platform: Platform;
  files: FileStore;
  authenticator: Pick<Authenticator, 'session' | 'role'>;
  /** What declarations may name. */
  models: NamedModels;
  sales: Sales;
  answers: VersionAnswers;
  /** The visual editor; null where the operator runs none. */
  studio: Studio | null;
}

/** Products: what sellers make of flows, what operators approve, what the marketplace shows. */
export function catalogModule({ platform, files, authenticator, models, sales, answers, studio }: CatalogOptions): Module {
  const seller = sellerProducts(files, sales);
  const flows = flowImport(files, authenticator, models);
  const editing = flowEditing(files, models);
  const design = designInStudio(files, studio, flows.fromEditor, models);
  const images = pictures(files);
  const comparison = versionComparison(sales, models);

  /** The organization somebody browses the open marketplace for; null for strangers. */
  const viewer = async ({ request }: HttpExchange): Promise<string | null> => {
    const user = await authenticator.session(request.headers);
    const header = request.headers['x-organization-id'];
    const tenant = typeof header === 'string' ? header : user?.activeTenant;
    return user && tenant && isUuid(tenant) && await authenticator.role(user.userId, tenant) !== null ? tenant : null;
  };
  const withProduct = (change: (process: Process, productId: string) => Promise<void>) => async (process: Process, { params }: { params: { productId: string } }) => {
    await change(process, params.productId);
    return seller.get(process, params.productId);
  };

  return {
    name: 'catalog',
    jobs: [checksJob(answers)],
    async start() {
      await systemProcess(platform, 'first start').asOperator('keep the categories', ensureCategories);
    },
    routes(serve: Serve) {
      serve(marketplaceEndpoints.listCategories, listCategories);
      serve(marketplaceEndpoints.searchProducts, searchProducts);
      serve(marketplaceEndpoints.getProduct, getProduct);
      serve.raw(marketplaceEndpoints.listReviews, async (process, { params }, exchange) => {
        const tenant = await viewer(exchange);
        await exchange.reply.send(await process.run(async (ctx) => listReviews(ctx, params.productId, tenant)));
      });

      serve.process(providerEndpoints.listProducts, seller.list);
      serve.process(providerEndpoints.createProduct, seller.create);
      serve.process(providerEndpoints.getSellerProduct, async (process, { params }) => seller.get(process, params.productId));
      serve.process(providerEndpoints.deleteProduct, seller.remove);
      serve.process(providerEndpoints.getDraft, async (process, input) => getDraft(process, input, models));
      serve.process(providerEndpoints.saveDraft, async (process, input) => saveDraft(process, input, models));
      serve.process(providerEndpoints.editProduct, async (process, input) => editProduct(process, input, models));
      serve.process(providerEndpoints.getCapabilities, getCapabilities);
      serve.process(providerEndpoints.setCapabilities, async (process, input) => setCapabilities(process, input, models));
      serve.raw(providerEndpoints.importFlow, flows.intoDraft);
      serve.raw(providerEndpoints.downloadFlow, flows.download);
      serve.process(flowEditingEndpoints.get, editing.get);
      serve.process(flowEditingEndpoints.save, editing.save);
      serve.process(providerEndpoints.submitProduct, withProduct(async (process, productId) => publish(process, productId, models)));
      serve.process(providerEndpoints.unpublishProduct, withProduct(async (process, productId) => process.run(async (ctx) => unpublish(ctx, productId))));
      serve(providerEndpoints.listVersions, listVersions);
      serve.process(changesEndpoints.compareVersions, comparison.compareVersions);
      serve.raw(checkEndpoints.uploadQuestions, uploadQuestions);
      serve(checkEndpoints.getChecks, getChecks);
      serve.process(checkEndpoints.repeatChecks, repeatChecks);
      serve.raw(providerEndpoints.uploadAsset, images.upload);
      serve.raw(providerEndpoints.getAsset, images.download);
      serve.process(studioEndpoints.importFlow, flows.fromStudio);
      serve(designEndpoints.state, design.state);
      serve.process(designEndpoints.open, design.open);
      serve.process(designEndpoints.importBack, design.importBack);

      serve(reviewEndpoints.listQueue, listQueue);
      serve.process(reviewEndpoints.getReview, getReview(files, models));
      serve.process(changesEndpoints.getReviewChanges, comparison.getReviewChanges);
      serve(checkEndpoints.getReviewChecks, getReviewChecks);
      serve(reviewEndpoints.approve, approve);
      serve(reviewEndpoints.reject, reject);
    },
  };
}
