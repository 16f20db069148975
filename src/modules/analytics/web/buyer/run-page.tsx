import { Button, Drawer, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { IconHistory, IconMessagePlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import { useCall, useEndpoint, useEndpointPages, useInvalidate } from '#web/api/use-endpoint.ts';
import { shownCitation } from '#web/kit/chat/answer-deltas.ts';
import type { KeptTurn } from '#web/kit/chat/chat.ts';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState, FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { useOrganization } from '#web/session/session.ts';
import { buyerPaths, publicPaths } from '#web/url/paths.ts';
import { useRouteParam, useSearchState } from '#web/url/search-state.ts';
import { CitedDocuments } from '#modules/knowledge/web/cited-document.tsx';
import { transcriptEndpoints, type Message } from '#modules/analytics/contract.ts';
import { billingEndpoints } from '#modules/billing/contract.ts';
import { ProductChat, type ChatLook } from '#modules/gateway/web/product-chat.tsx';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { useOwnWords } from '#modules/subscriptions/web/own-words.ts';
import { useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { widgetEndpoints } from '#modules/widget/contract.ts';
import classes from './run.module.css';

const Search = z.object({ conversation: z.uuid().or(z.literal('')).catch('') });

/** The chat fills what the heading leaves of the window. */
const HEIGHT = 'max(26rem, calc(100dvh - var(--cmp-header) - 15.5rem))';

/** The product at work, with one's own configuration (CFG-14): earlier conversations beside the one that is open. */
export const RunPage = () => {
  const { state, features } = useSubscription();
  const [{ conversation }, setSearch] = useSearchState(Search);
  const { threadKey, isLive, adopt, open } = useThreadKeys(conversation, (id, push) => { setSearch({ conversation: id }, { push }); });
  const [sheet, setSheet] = useState(false);
  if (!features.chat) return <EmptyState title="This product does not chat">It is used over its API; see the API keys.</EmptyState>;
  if (state !== 'active') return <EmptyState title="Not running">It answers again as soon as the subscription is active.</EmptyState>;
  const list = <History current={conversation} onOpen={(id) => { open(id); setSheet(false); }} />;
  return (
    <div className={classes.run}>
      <aside className={classes.history}>{list}</aside>
      <div className={classes.phoneBar}>
        <Button size="xs" variant="default" leftSection={<IconHistory size={14} />} onClick={() => { setSheet(true); }}>Conversations</Button>
        <Button size="xs" variant="default" leftSection={<IconMessagePlus size={14} />} onClick={() => { open(''); }}>New</Button>
      </div>
      <Drawer opened={sheet} onClose={() => { setSheet(false); }} title="Conversations" size={320} padding="md">{list}</Drawer>
      <Thread key={threadKey} conversation={conversation} live={isLive} onConversation={adopt} />
    </div>
  );
};

/**
 * Which thread is on screen. A new conversation gets its id, and with it an address, only from its first answer; the
 * thread that is being written must then stay, while any other change of the address opens another one.
 */
const useThreadKeys = (conversation: string, go: (id: string, push: boolean) => void) => {
  const [fresh, setFresh] = useState(0);
  const [begun, setBegun] = useState<{ id: string; key: string; arrived: boolean } | null>(null);
  // The address follows a moment later; once it has been there and moved on, the thread is an ordinary kept one.
  if (begun !== null && !begun.arrived && conversation === begun.id) setBegun({ ...begun, arrived: true });
  if (begun !== null && begun.arrived && conversation !== begun.id) setBegun(null);
  const own = begun?.id === conversation ? begun.key : null;
  return {
    threadKey: conversation === '' ? `new-${fresh}` : own ?? conversation,
    isLive: conversation === '' || own !== null,
    adopt: (id: string) => { setBegun({ id, key: `new-${fresh}`, arrived: false }); go(id, false); },
    open: (id: string) => { setFresh(fresh + 1); go(id, true); },
  };
};

/** How the buyer's configuration makes it look and begin. */
const useLook = (): ChatLook | null => {
  const { id, product_id, name, logo } = useSubscription();
  const own = useOwnWords(product_id);
  const { data, isError } = useEndpoint(subscriptionEndpoints.getConfiguration, { params: { subscriptionId: id } });
  return useMemo(() => {
    if (data === undefined) return isError ? { name, picture: logo, ...own } : null;
    const { persona, conversation, branding } = data.effective;
    return {
      name: persona.name || name, picture: persona.avatar || branding.logo || logo, welcome: conversation.welcomeMessage || own.welcome,
      prompts: conversation.suggestedPrompts.length > 0 ? conversation.suggestedPrompts : own.prompts,
    };
  }, [data, isError, name, logo, own]);
};

const turnOf = ({ role, content, citations, run_id, credits, rating }: z.infer<typeof Message>): KeptTurn => ({
  role, content, citations: citations.map(shownCitation), serverId: role === 'assistant' ? run_id : null, credits, feedback: rating,
});

const Thread = ({ conversation, live, onConversation }: { conversation: string; live: boolean; onConversation: (id: string) => void }) => {
  const { id: subscriptionId, product_id, period_end } = useSubscription();
  const { id: organizationId } = useOrganization();
  const organization = useRouteParam('org');
  const look = useLook();
  // Reading documents, which is done elsewhere, costs credits too: the balance is asked anew with every thread.
  const wallet = useEndpoint(billingEndpoints.getWallet, { params: { organizationId } }, { staleMs: 0 });
  // What was loaded when the thread opened; what is said since is the thread's own.
  const [wanted] = useState(live ? '' : conversation);
  const kept = useEndpoint(transcriptEndpoints.get, { params: { subscriptionId, conversationId: wanted || subscriptionId } }, { enabled: wanted !== '', staleMs: 0 });
  const granted = useEndpoint(subscriptionEndpoints.getEntitlements, { params: { subscriptionId } });
  const rate = useCall(widgetEndpoints.rate);
  const invalidate = useInvalidate();
  if (wanted !== '' && kept.isError && kept.data === undefined) return <div className={classes.thread}><FailedState error={kept.error} onRetry={() => { void kept.refetch(); }} /></div>;
  if (look === null || (wanted !== '' && !kept.isFetchedAfterMount)) return <div className={classes.thread} style={{ height: HEIGHT }}><div className={classes.waiting}><LoadingSkeleton count={4} /></div></div>;
  return (
    <CitedDocuments subscriptionId={subscriptionId}><div className={classes.thread}>
      <ProductChat
        subscriptionId={subscriptionId} look={look} conversationId={wanted || null} initial={kept.data?.transcript.map(turnOf)} balance={wallet.data?.available}
        waysOn={{ billing: buyerPaths.resources(organization), plans: publicPaths.product(product_id), renewsAt: period_end }} height={HEIGHT} onConversation={onConversation}
        reads={{ files: granted.data?.features.fileUpload ?? false, pictures: granted.data?.features.imageInput ?? false }}
        onAnswer={() => { void invalidate(transcriptEndpoints.list, billingEndpoints.getWallet, subscriptionEndpoints.list, subscriptionEndpoints.get); }}
        onFeedback={(message, rating) => (message.serverId === null ? Promise.resolve() : rate.mutateAsync({ params: { subscriptionId }, body: { run_id: message.serverId, rating } }))}
      />
    </div></CitedDocuments>
  );
};

/** Conversations of the run page, newest first. */
const History = ({ current, onOpen }: { current: string; onOpen: (id: string) => void }) => {
  const { id: subscriptionId } = useSubscription();
  const query = useEndpointPages(transcriptEndpoints.list, { params: { subscriptionId }, query: { channel: 'console' } });
  return (
    <div className={classes.historyInner}>
      <Button fullWidth variant="default" leftSection={<IconMessagePlus size={16} />} onClick={() => { onOpen(''); }}>New conversation</Button>
      <div className={classes.historyList}>
        {query.isPending && [0, 1, 2, 3].map((row) => <Skeleton key={row} h={36} />)}
        {query.isError && <FailedState error={query.error} onRetry={() => { void query.refetch(); }} />}
        {query.isSuccess && query.rows.length === 0 && <Text c="dimmed" size="xs" px={8}>Earlier conversations appear here.</Text>}
        {query.rows.map((row) => (
          <UnstyledButton key={row.id} className={classes.entry} data-current={row.id === current || undefined} aria-current={row.id === current ? 'true' : undefined} onClick={() => { onOpen(row.id); }}>
            <span className={classes.entryTitle} dir="auto">{row.title || 'Conversation'}</span>
            <span className={classes.entryTime}><RelativeTime value={row.last_at} /></span>
          </UnstyledButton>
        ))}
        {query.hasNextPage && <Button size="xs" variant="subtle" color="gray" loading={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>Show older</Button>}
      </div>
    </div>
  );
};
