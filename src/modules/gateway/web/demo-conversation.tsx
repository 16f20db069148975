import { Button, Skeleton, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Output } from '#platform/contract/endpoint.ts';
import { endpointKey, useEndpoint } from '#web/api/use-endpoint.ts';
import { ChatThread } from '#web/kit/chat/chat-thread.tsx';
import { EmptyState, FailedState } from '#web/kit/states.tsx';
import type { ProductDetail } from '#modules/catalog/contract.ts';
import { priceWords } from '#modules/catalog/web/price-words.ts';
import { consoleChatEndpoints } from '#modules/gateway/contract.ts';
import { demoSend } from './demo-send.ts';
import classes from './demo.module.css';

type DemoState = Output<typeof consoleChatEndpoints.demoState>;

export interface DemoProps { product: ProductDetail; onSubscribe: () => void }

/** A few free messages with a product. The server counts them; nothing said is kept. */
export const DemoConversation = ({ product, onSubscribe }: DemoProps) => {
  const input = { params: { productId: product.id } };
  const state = useEndpoint(consoleChatEndpoints.demoState, input, { organizationId: null });
  const client = useQueryClient();
  const send = useMemo(() => demoSend(product.id, (remaining) => {
    client.setQueryData<DemoState>(endpointKey(consoleChatEndpoints.demoState, { params: { productId: product.id } }, null), (before) => (before === undefined ? before : { ...before, remaining }));
  }), [client, product.id]);
  if (state.data === undefined) {
    if (!state.isError) return <div className={classes.loading} role="status" aria-label="Loading the demo"><Skeleton h={28} w="80%" /><Skeleton h={28} w="60%" /><Skeleton h={46} mt="auto" /></div>;
    return state.error.status >= 500 || state.error.kind !== 'problem'
      ? <div className={classes.loading}><FailedState error={state.error} onRetry={() => { void state.refetch(); }} /></div>
      : <div className={classes.loading}><EmptyState title="There is no demo of this product" action={<Button onClick={onSubscribe}>Subscribe</Button>}>You can subscribe and try it with your own content.</EmptyState></div>;
  }
  const { remaining, welcome_message: welcome, suggested_prompts: prompts } = state.data;
  return (
    <ChatThread
      send={send} name={product.name} logo={product.logo} welcome={product.welcome_message || welcome} prompts={prompts.length > 0 ? prompts : product.suggested_prompts} placeholder="Ask anything"
      closed={remaining === 0 ? <UsedUp product={product} onSubscribe={onSubscribe} /> : undefined}
      footer={(chat) => (
        <span className={classes.foot}>
          <span className="tabular" role="status">Demo mode: {remaining} {remaining === 1 ? 'message' : 'messages'} remaining</span>
          {remaining > 0 && chat.messages.length > 1 && <Button variant="light" size="compact-xs" onClick={onSubscribe}>Subscribe: {priceWords(product)}</Button>}
        </span>
      )}
    />
  );
};

/** In place of the box, once the messages are used. */
const UsedUp = ({ product, onSubscribe }: DemoProps) => (
  <div className={classes.used}>
    <div>
      <Text fw={600}>Ready to get started?</Text>
      <Text c="dimmed">{product.capabilities.configuration.rag.enabled ? 'Once it is yours, it answers from your own content.' : 'Once it is yours, it carries your settings and your brand.'}</Text>
    </div>
    <Button fullWidth onClick={onSubscribe}>Subscribe now: {priceWords(product)}</Button>
  </div>
);
