import { IconCode, IconKey, IconMessageChatbot, IconPlayerPlay } from '@tabler/icons-react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { CapabilityGate } from '#web/capabilities/capability-gate.tsx';
import { formatNumber } from '#web/kit/format.ts';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { apiKeyEndpoints } from '#modules/gateway/contract.ts';
import { useProductPath, useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { widgetEndpoints } from '#modules/widget/contract.ts';
import { SummaryPanel, SummaryRow } from './summary-row.tsx';

/** The ways to use the product, and which of them are in use. */
export const IntegrateSummary = () => {
  const { features } = useSubscription();
  const path = useProductPath();
  if (!features.chat && !features.widget && !features.api) return null;
  return (
    <SummaryPanel title="Use it">
      {features.chat && <SummaryRow icon={IconPlayerPlay} title="Run page" to={path('run')}>For you and your team, in this console.</SummaryRow>}
      <CapabilityGate capability="interfaces.widget"><WidgetRow to={path('widget')} /></CapabilityGate>
      <CapabilityGate capability="interfaces.api">
        <KeysRow to={path('keys')} />
        <SummaryRow icon={IconCode} title="API" to={`${path('keys')}?tab=code`}>Works with every client that speaks the OpenAI format.</SummaryRow>
      </CapabilityGate>
    </SummaryPanel>
  );
};

const WidgetRow = ({ to }: { to: string }) => {
  const { id } = useSubscription();
  const { data } = useEndpoint(widgetEndpoints.embed, { params: { subscriptionId: id } });
  const domains = data?.allowed_domains ?? [];
  const state = data === undefined ? undefined : data.publishable_key === null ? 'No key yet' : domains.length === 0 ? 'No website yet' : `${formatNumber(domains.length)} ${domains.length === 1 ? 'website' : 'websites'}`;
  return <SummaryRow icon={IconMessageChatbot} title="Widget" state={state} to={to}>{domains.length > 0 ? domains.join(', ') : 'A chat on your own website.'}</SummaryRow>;
};

const KeysRow = ({ to }: { to: string }) => {
  const { id } = useSubscription();
  const { data } = useEndpoint(apiKeyEndpoints.list, { params: { subscriptionId: id } });
  const last = data?.data.map(({ last_used_at }) => last_used_at).filter((time) => time !== null).toSorted().at(-1);
  const count = data?.data.length ?? 0;
  return (
    <SummaryRow icon={IconKey} title="API keys" state={data === undefined ? undefined : count === 0 ? 'None yet' : `${formatNumber(count)} ${count === 1 ? 'key' : 'keys'}`} good={count > 0} to={to}>
      {last === undefined ? 'For your own programs.' : <>Last used <RelativeTime value={last} /></>}
    </SummaryRow>
  );
};
