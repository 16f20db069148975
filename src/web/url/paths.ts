/*
 * Every address of the console, as functions, so that a link is written once and a renamed path is changed in one place.
 * The layout is that of the specification (003 section 6), with its trailing slash.
 */
const id = encodeURIComponent;

export const publicPaths = {
  home: () => '/',
  marketplace: (category?: string) => (category === undefined ? '/marketplace/' : `/marketplace/?category=${id(category)}`),
  category: (slug: string) => `/marketplace-category/${id(slug)}/`,
  product: (product: string) => `/marketplace-public-offering/${id(product)}/`,
  checkout: (product: string, plan?: string) => `/checkout/${id(product)}/${plan === undefined ? '' : `?plan=${id(plan)}`}`,
  login: (next?: string) => (next === undefined ? '/login' : `/login?next=${id(next)}`),
  register: (next?: string) => (next === undefined ? '/register' : `/register?next=${id(next)}`),
};

export const buyerPaths = {
  home: (org: string) => `/organizations/${id(org)}/`,
  products: (org: string) => `/organizations/${id(org)}/agents/`,
  subscription: (org: string, sub: string) => `/organizations/${id(org)}/agents/${id(sub)}/`,
  /** A tab of a product: `configure`, `persona`, `conversation`, `behavior`, `training`, `branding`, `run`, `keys`, `widget`, `usage`, `conversations`. */
  subscriptionTab: (org: string, sub: string, tab: string) => `/organizations/${id(org)}/agents/${id(sub)}/${id(tab)}/`,
  resources: (org: string) => `/organizations/${id(org)}/resources/`,
  orders: (org: string) => `/organizations/${id(org)}/orders/`,
  team: (org: string) => `/organizations/${id(org)}/team/`,
  settings: (org: string) => `/organizations/${id(org)}/settings/`,
};

export const sellerPaths = {
  dashboard: (provider: string) => `/providers/${id(provider)}/dashboard/`,
  offerings: (provider: string) => `/providers/${id(provider)}/offerings/`,
  offering: (provider: string, product: string) => `/providers/${id(provider)}/offerings/${id(product)}/`,
  offeringTab: (provider: string, product: string, tab: string) => `/providers/${id(provider)}/offerings/${id(product)}/${id(tab)}/`,
  create: (provider: string, draft?: string) => `/providers/${id(provider)}/agents/create/${draft === undefined ? '' : `?draft=${id(draft)}`}`,
  editFlow: (provider: string, product: string) => `/providers/${id(provider)}/offerings/${id(product)}/flow/edit/`,
  orders: (provider: string) => `/providers/${id(provider)}/orders/`,
  customers: (provider: string) => `/providers/${id(provider)}/organizations/`,
  revenue: (provider: string) => `/providers/${id(provider)}/revenue/`,
  settings: (provider: string) => `/providers/${id(provider)}/settings/`,
};

export const operatorPaths = {
  dashboard: () => '/operator/',
  reviews: () => '/operator/reviews/',
  review: (review: string) => `/operator/reviews/${id(review)}/`,
  organizations: () => '/operator/organizations/',
  audit: () => '/operator/audit/',
};
