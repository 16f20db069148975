import { Alert } from '@mantine/core';
import { useEndpoint, useInvalidate } from '#web/api/use-endpoint.ts';
import { CapabilityGate } from '#web/capabilities/capability-gate.tsx';
import { useCapabilities } from '#modules/capabilities/web/capability-scope.tsx';
import { subcategoryOf } from '#modules/capabilities/contract.ts';
import { analyticsEndpoints } from '#modules/analytics/contract.ts';
import { StartCreating } from '#modules/gateway/web/start-creating.tsx';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { useOwnWords } from '#modules/subscriptions/web/own-words.ts';
import { useProductPath, useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { buyerPaths } from '#web/url/paths.ts';
import { createTemplates } from './create-templates.ts';
import { ConfigureSummary } from './overview-configure.tsx';
import { IntegrateSummary } from './overview-integrate.tsx';
import { OverviewFigures } from './overview-figures.tsx';
import { QuickStart } from './quick-start.tsx';
import { RecentConversations } from './recent-conversations.tsx';
import classes from './buyer.module.css';

/**
 * What a product needs to be looked at first. The sections follow its category and capabilities (CFG-02, CFG-03): an
 * assistant begins with the box one creates in, the others with the way to going live.
 */
export const ProductOverview = () => {
  const { category, state } = useSubscription();
  return (
    <div className={classes.stack}>
      {state === 'active' && category === 'assistant' && <CapabilityGate capability="interfaces.chat"><Creation /></CapabilityGate>}
      {state === 'active' && <QuickStart />}
      {category === 'automation' && <AutomationNotice />}
      <OverviewFigures />
      <div className={classes.halves}>
        <ConfigureSummary />
        <IntegrateSummary />
      </div>
      <CapabilityGate capability="analytics.conversations"><RecentConversations /></CapabilityGate>
    </div>
  );
};

const Creation = () => {
  const { id, product_id } = useSubscription();
  const own = useOwnWords(product_id);
  const path = useProductPath();
  const organization = useRouteParam('org');
  const capabilities = useCapabilities();
  const invalidate = useInvalidate();
  const { data } = useEndpoint(subscriptionEndpoints.getConfiguration, { params: { subscriptionId: id } });
  const chosen = data?.effective.conversation.suggestedPrompts ?? [];
  return (
    <StartCreating
      subscriptionId={id} templates={createTemplates(subcategoryOf(capabilities), chosen.length > 0 ? chosen : own.prompts)} billingPath={buyerPaths.resources(organization)}
      editorPath={(conversation) => (conversation === null ? path('run') : `${path('run')}?conversation=${conversation}`)}
      onMade={() => { void invalidate(analyticsEndpoints.subscriptionUsage, subscriptionEndpoints.get); }}
    />
  );
};

/** Says what cannot be done here yet, rather than showing switches that do nothing. */
const AutomationNotice = () => {
  const { features } = useSubscription().entitlements;
  const path = useProductPath();
  return (
    <Alert color="gray" title="Runs when it is called">
      Schedules, connections to other systems and failure alerts cannot be set here yet.
      {features.api && <> Your own scheduler or system can start it over the <a href={path('keys')} className={classes.link}>API</a>.</>}
    </Alert>
  );
};
