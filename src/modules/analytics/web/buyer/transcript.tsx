import { Badge, Button, Group, Text } from '@mantine/core';
import { IconThumbDown, IconThumbUp, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { shownCitation } from '#web/kit/chat/answer-deltas.ts';
import { CitationChips } from '#web/kit/citations.tsx';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { CopyId } from '#web/kit/copy-field.tsx';
import { formatCredits, formatDuration, formatExact } from '#web/kit/format.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { Markdown } from '#web/kit/markdown.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { LoadingSkeleton, Loaded } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { useHasRole } from '#web/session/session.ts';
import { CitedDocuments } from '#modules/knowledge/web/cited-document.tsx';
import { transcriptEndpoints, type Message } from '#modules/analytics/contract.ts';
import { useProductPath, useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { channelName } from './channels.ts';
import classes from './buyer.module.css';

/** One conversation, word for word, with what each answer rested on. */
export const Transcript = ({ conversationId, onDeleted }: { conversationId: string; onDeleted: () => void }) => {
  const { id: subscriptionId, features, state } = useSubscription();
  const path = useProductPath();
  const query = useEndpoint(transcriptEndpoints.get, { params: { subscriptionId, conversationId } });
  const admin = useHasRole('admin');
  const [deleting, setDeleting] = useState(false);
  const remove = useCall(transcriptEndpoints.remove, { invalidates: [transcriptEndpoints.list] });
  return (
    <Loaded query={query} skeleton={<LoadingSkeleton count={6} />}>
      {({ transcript, channel, visitor, started_at, escalated }) => (
        <div className={classes.stack}>
          <Group gap="xs">
            <Badge color="gray">{channelName(channel)}</Badge>
            {escalated && <Badge color="red">Handed over</Badge>}
            <Text c="dimmed">Started {formatExact(new Date(started_at))}</Text>
          </Group>
          {visitor !== null && <Text c="dimmed">{[visitor.name, visitor.email].filter((part) => part !== null).join(' · ') || 'Visitor'} <CopyId value={visitor.id} /></Text>}
          <CitedDocuments subscriptionId={subscriptionId}><ol className={classes.transcript}>{transcript.map((message) => <Said key={message.id} message={message} />)}</ol></CitedDocuments>
          <Group justify="space-between">
            {channel === 'console' && features.chat && state === 'active' ? <LinkButton size="xs" variant="default" to={`${path('run')}?conversation=${conversationId}`}>Continue</LinkButton> : <span />}
            {admin && <Button size="xs" variant="subtle" color="red" leftSection={<IconTrash size={14} />} onClick={() => { setDeleting(true); }}>Delete</Button>}
          </Group>
          <ConfirmDialog
            opened={deleting} onClose={() => { setDeleting(false); }} title="Delete this conversation?" confirm="Delete" danger
            onConfirm={async () => { await remove.mutateAsync({ params: { subscriptionId, conversationId } }); toast.success('Conversation deleted'); onDeleted(); }}
          >
            Its messages are removed for everybody in your organization. Usage figures stay.
          </ConfirmDialog>
        </div>
      )}
    </Loaded>
  );
};

const Said = ({ message }: { message: z.infer<typeof Message> }) => {
  const [open, setOpen] = useState<number | null>(null);
  const citations = message.citations.map(shownCitation);
  const mine = message.role === 'user';
  return (
    <li className={classes.said} data-mine={mine || undefined}>
      <Text size="xs" c="dimmed">{mine ? 'Question' : 'Answer'} · <RelativeTime value={message.created_at} /></Text>
      {mine ? <div className={classes.words} dir="auto">{message.content}</div>
        : <Markdown breaks citations={Math.max(0, ...citations.map(({ number }) => number))} onCitation={setOpen}>{message.content}</Markdown>}
      {citations.length > 0 && <CitationChips citations={citations} open={open} onOpen={setOpen} />}
      {!mine && (
        <Group gap="xs" className={classes.meta}>
          {message.state === 'incomplete' && <Badge color="amber">Broke off</Badge>}
          {message.rating === 'up' && <Badge color="green" leftSection={<IconThumbUp size={12} />}>Rated good</Badge>}
          {message.rating === 'down' && <Badge color="red" leftSection={<IconThumbDown size={12} />}>Rated bad</Badge>}
          {message.credits !== null && <span>{formatCredits(message.credits)}</span>}
          {message.duration_ms !== null && <span>{formatDuration(message.duration_ms)}</span>}
        </Group>
      )}
    </li>
  );
};
