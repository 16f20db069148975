import { Marketplace, MarketplaceCategory } from '#modules/catalog/web/marketplace.tsx';
import { StorefrontOverlays } from './storefront-overlays.tsx';

/** The marketplace, with demo and purchase above it. */
export const MarketplaceScreen = () => <><Marketplace /><StorefrontOverlays /></>;

/** One category of it. */
export const CategoryScreen = () => <><MarketplaceCategory /><StorefrontOverlays /></>;
