import { Group, Skeleton, Text } from '@mantine/core';
import { IconBrowserCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Output } from '#platform/contract/endpoint.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { isRecord } from '#web/form/form-values.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { EmptyState, Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { useProductPath, useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { widgetEndpoints } from '#modules/widget/contract.ts';
import { WIDGET_MODES, type WidgetMode } from '#modules/widget/embed-contract.ts';
import { DesignForm } from './design-form.tsx';
import { draftConfig } from './draft-config.ts';
import { Install } from './install.tsx';
import { Preview } from './preview.tsx';
import { domainsOf, savedDesign, savedWidget, useSaveWidget } from './use-save-widget.ts';
import classes from './builder.module.css';

type State = Output<typeof subscriptionEndpoints.getConfiguration>;
type Embed = Output<typeof widgetEndpoints.embed>;

/** The chat for the buyer's own site: how it looks, seen while one sets it, and how it gets there (WID-05). */
export const WidgetBuilder = () => {
  const product = useSubscription();
  if (!product.features.widget) return <EmptyState title="No widget">This product has no chat for other websites.</EmptyState>;
  if (!product.entitlements.features.widget) return <EmptyState title="Your plan has no widget">The {product.plan_name} plan does not include a chat for your own site. Other plans of this product may.</EmptyState>;
  if (product.state !== 'active') return <EmptyState title="The widget rests">It can be designed and embedded while the subscription is active. What you saved is kept.</EmptyState>;
  return <Opened />;
};

const Opened = () => {
  const { id } = useSubscription();
  const configuration = useEndpoint(subscriptionEndpoints.getConfiguration, { params: { subscriptionId: id } });
  const embed = useEndpoint(widgetEndpoints.embed, { params: { subscriptionId: id } });
  return (
    <Loaded query={configuration} skeleton={<Waiting />}>
      {(state) => <Loaded query={embed} skeleton={<Waiting />}>{(code) => <Builder state={state} embed={code} />}</Loaded>}
    </Loaded>
  );
};

const Waiting = () => <div className={classes.columns}><LoadingSkeleton shape="form" count={6} /><Skeleton h={480} radius="lg" /></div>;

const Builder = ({ state, embed }: { state: State; embed: Embed }) => {
  const { id, logo } = useSubscription();
  const path = useProductPath();
  const saving = useSaveWidget(id, state);
  const [draft, setDraft] = useState<unknown>(null);
  const design = isRecord(draft) && isRecord(draft.widget) ? draft.widget : savedDesign(state);
  const config = draftConfig({ saved: embed.config, effective: state.effective, logo, origin: window.location.origin }, design);
  return (
    <div className={classes.screen}>
      <Group justify="space-between" align="center" gap="sm">
        <Text c="dimmed" maw="44rem">A chat for your own site. Design it, see it as your visitors will, then paste one line of code.</Text>
        {embed.publishable_key !== null && <LinkButton variant="default" to={`${path('widget')}live/`} leftSection={<IconBrowserCheck size={16} />}>Try it live</LinkButton>}
      </Group>
      <div className={classes.columns}>
        <DesignForm schema={state.schema} saved={savedDesign(state)} saving={saving} onChange={setDraft} />
        <Preview config={config} modes={modesOf(design, state)} />
      </div>
      <Install embed={embed} domains={domainsOf(savedWidget(state))} change={saving.changeDomains} />
    </div>
  );
};

/** The shapes that are switched on, in the order of the contract. */
const modesOf = (design: Readonly<Record<string, unknown>>, { effective }: State): readonly WidgetMode[] => {
  const chosen: readonly unknown[] = Array.isArray(design.types) ? design.types : effective.widget.types;
  return WIDGET_MODES.filter((mode) => chosen.includes(mode));
};
