import { IconAdjustments } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import type { z } from 'zod';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { isRecord } from '#web/form/form-values.ts';
import { PlainLink } from '#web/kit/link.tsx';
import { EmptyState, LoadingSkeleton, Loaded } from '#web/kit/states.tsx';
import { connectionEndpoints } from '#modules/connections/contract.ts';
import { subscriptionEndpoints, type ConfigurationState } from '#modules/subscriptions/contract.ts';
import { ChatPreview } from './chat-preview.tsx';
import { configurePages, type ConfigurePage } from './configure-pages.ts';
import { useOwnWords } from './own-words.ts';
import { SaveConflict } from './save-conflict.tsx';
import { useProductPath, useSubscription } from './subscription-context.ts';
import { uploadPicture } from './upload-picture.ts';
import { useSaveConfiguration } from './use-save-configuration.ts';
import classes from './configure.module.css';

type State = z.infer<typeof ConfigurationState>;

/** What the buyer may make their own: a page for each part, each with its own address (CFG-04 to CFG-10). */
export const Configure = () => {
  const product = useSubscription();
  const { pathname } = useLocation();
  const pages = configurePages(product);
  const last = pathname.split('/').filter(Boolean).at(-1);
  const page = pages.find(({ path }) => path === last) ?? pages[0];
  const query = useEndpoint(subscriptionEndpoints.getConfiguration, { params: { subscriptionId: product.id } });
  if (page === undefined) {
    return <EmptyState icon={<IconAdjustments size={32} />} title="Nothing to configure">This product works the way its provider made it. It has no settings of your own.</EmptyState>;
  }
  return (
    <div className={classes.layout}>
      <SectionNav pages={pages} current={page} />
      <Loaded query={query} skeleton={<LoadingSkeleton shape="form" count={5} />}>
        {(state) => <PageForm key={page.path} page={page} state={state} />}
      </Loaded>
    </div>
  );
};

/**
 * The form of one page of the configuration, for a screen that has a place of its own for it; null where the product leaves
 * nothing of that page to its buyer.
 */
export const useConfigureForm = (path: string): ReactNode => {
  const product = useSubscription();
  const page = configurePages(product).find((one) => one.path === path);
  const query = useEndpoint(subscriptionEndpoints.getConfiguration, { params: { subscriptionId: product.id } }, { enabled: page !== undefined });
  return page === undefined ? null : <Loaded query={query} skeleton={<LoadingSkeleton shape="form" count={5} />}>{(state) => <PageForm page={page} state={state} />}</Loaded>;
};

/** The pages of the configuration; training and the widget have screens of their own and are reached from here too. */
const SectionNav = ({ pages, current }: { pages: readonly ConfigurePage[]; current: ConfigurePage }) => {
  const product = useSubscription();
  const path = useProductPath();
  const { features } = product.entitlements;
  const connected = (useEndpoint(connectionEndpoints.subscriptionRequirements, { params: { subscriptionId: product.id } }).data?.data.length ?? 0) > 0;
  return (
    <nav className={classes.nav} aria-label="Configuration">
      {pages.map((page) => (
        <PlainLink key={page.path} to={path(page.path)} className={classes.navEntry} aria-current={page === current ? 'page' : undefined} data-current={page === current || undefined}>
          {page.title}
        </PlainLink>
      ))}
      {features.knowledge && <PlainLink to={path('training')} className={classes.navEntry}>Training</PlainLink>}
      {connected && <PlainLink to={path('connections')} className={classes.navEntry}>Connections</PlainLink>}
      {features.widget && <PlainLink to={path('widget')} className={classes.navEntry}>Widget</PlainLink>}
    </nav>
  );
};

/** Parts of the configuration whose effect people see in a chat. */
const PREVIEWED: readonly string[] = ['persona', 'conversation', 'branding'];

/** The schema of only these sections, so that each page saves what it shows and nothing else. */
const schemaOf = (schema: Record<string, unknown>, sections: readonly string[]): Record<string, unknown> => {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  return {
    ...schema, required: [],
    properties: Object.fromEntries(Object.entries(properties).filter(([key]) => sections.includes(key))),
  };
};

const PageForm = ({ page, state }: { page: ConfigurePage; state: State }) => {
  const { id, product_id, state: life, name, logo } = useSubscription();
  const own = useOwnWords(product_id);
  const joined = page.sections.join();
  // Made once for each answer of the server: a new schema would be a new form, without what was typed.
  const schema = useMemo(() => schemaOf(state.schema, joined.split(',')), [state.schema, joined]);
  const initial = useMemo(() => Object.fromEntries(Object.entries(state.configuration).filter(([key]) => joined.split(',').includes(key))), [state.configuration, joined]);
  const [draft, setDraft] = useState<unknown>(null);
  const saving = useSaveConfiguration(id, state.revision);
  const ended = life === 'cancelled' || life === 'expired';
  const previewed = page.sections.some((key) => PREVIEWED.includes(key));
  return (
    <div className={previewed ? classes.withPreview : classes.alone}>
      <div className={classes.form}>
        <SaveConflict saving={saving} title="Somebody else saved in the meantime" />
        <SchemaForm key={saving.generation} schema={schema} initial={initial} layout="stack" disabled={ended} onSubmit={saving.save} onChange={setDraft} uploadImage={uploadPicture} />
      </div>
      {previewed && <ChatPreview name={name} logo={logo} own={own} effective={state.effective} draft={draft} />}
    </div>
  );
};
