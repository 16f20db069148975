import { IconAdjustments, IconBook2, IconBrush, IconFileText, IconMessage2, IconSearch, IconShieldCheck, IconUser, type Icon } from '@tabler/icons-react';
import type { z } from 'zod';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatNumber } from '#web/kit/format.ts';
import type { EffectiveConfiguration } from '#modules/capabilities/contract.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { configurePages } from '#modules/subscriptions/web/configure-pages.ts';
import { useProductPath, useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { SummaryPanel, SummaryRow } from './summary-row.tsx';

const ICONS: Readonly<Record<string, Icon>> = {
  persona: IconUser, conversation: IconMessage2, behavior: IconShieldCheck, knowledge: IconSearch, branding: IconBrush, output: IconFileText, parameters: IconAdjustments,
};

const words = (value: string): string => (value === 'default' ? '' : value.charAt(0).toUpperCase() + value.slice(1));
const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ');

/** What a part is set to, in a line. */
const detailOf = (path: string, { persona, conversation, branding, output, behavior }: z.infer<typeof EffectiveConfiguration>): string => {
  switch (path) {
    case 'persona': return joined(persona.name, words(persona.tone), persona.language === 'auto' ? 'Answers in the language of the question' : persona.language);
    case 'conversation': return conversation.welcomeMessage;
    case 'branding': return joined(branding.companyName, branding.primaryColor);
    case 'output': return joined(words(output.format), words(output.length), words(output.style));
    case 'behavior': return joined(`Temperature ${formatNumber(behavior.temperature)}`, behavior.includeSources ? 'Sources shown' : '');
    default: return '';
  }
};

/** Everything the buyer may make their own, with how it stands. Nothing, where the product leaves nothing open. */
export const ConfigureSummary = () => {
  const product = useSubscription();
  const path = useProductPath();
  const { features } = product.entitlements;
  const pages = configurePages(product);
  const { data } = useEndpoint(subscriptionEndpoints.getConfiguration, { params: { subscriptionId: product.id } }, { enabled: pages.length > 0 });
  if (pages.length === 0 && !features.knowledge) return null;
  return (
    <SummaryPanel title="Configure">
      {features.knowledge && <TrainingRow to={path('training')} subscriptionId={product.id} />}
      {pages.map((page) => {
        const configured = page.sections.some((section) => product.configured.includes(section));
        return (
          <SummaryRow key={page.path} icon={ICONS[page.path] ?? IconAdjustments} title={page.title} state={configured ? 'Configured' : 'As it came'} good={configured} to={path(page.path)}>
            {(data === undefined ? '' : detailOf(page.path, data.effective)) || page.description}
          </SummaryRow>
        );
      })}
    </SummaryPanel>
  );
};

const TrainingRow = ({ to, subscriptionId }: { to: string; subscriptionId: string }) => {
  const { data } = useEndpoint(knowledgeEndpoints.status, { params: { subscriptionId } });
  const state = data === undefined ? undefined : data.documents.total === 0 ? 'Nothing yet' : `${formatNumber(data.documents.total)} ${data.documents.total === 1 ? 'document' : 'documents'}`;
  const detail = data === undefined ? 'Your documents, and the answers you wrote yourself.'
    : data.documents.total + data.qa_pairs === 0 ? 'Add documents, and it answers from them.'
      : [
        `${formatNumber(data.documents.indexed)} ready`,
        ...(data.documents.processing > 0 ? [`${formatNumber(data.documents.processing)} in work`] : []),
        ...(data.documents.failed > 0 ? [`${formatNumber(data.documents.failed)} failed`] : []),
        ...(data.qa_pairs > 0 ? [`${formatNumber(data.qa_pairs)} questions and answers`] : []),
      ].join(' · ');
  return <SummaryRow icon={IconBook2} title="Training" state={state} good={(data?.documents.indexed ?? 0) > 0} to={to}>{detail}</SummaryRow>;
};
