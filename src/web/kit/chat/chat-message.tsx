import { ActionIcon, Alert, Badge, Button, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconPaperclip, IconRefresh, IconThumbDown, IconThumbUp } from '@tabler/icons-react';
import { memo, useState, type ReactNode } from 'react';
import { CitationChips } from '#web/kit/citations.tsx';
import { formatCredits } from '#web/kit/format.ts';
import { Markdown } from '#web/kit/markdown.tsx';
import type { ChatMessage } from './chat.ts';
import classes from './chat-thread.module.css';

export interface MessageActions {
  /** Only on the last answer. */
  onRetry?: () => void;
  onFeedback?: (message: ChatMessage, feedback: 'up' | 'down') => void;
}

/** One message, with what can be done about it. */
export const ChatBubble = memo(({ message, avatar, name, onRetry, onFeedback }: { message: ChatMessage; avatar: ReactNode; name: string } & MessageActions) => {
  if (message.role === 'user') {
    return (
      <li className={classes.mine}>
        <div className={classes.question} dir="auto">
          {message.text}
          {message.files.map((file, index) => <Badge key={`${index} ${file.name}`} color="gray" leftSection={<IconPaperclip size={12} />}>{file.name}</Badge>)}
        </div>
      </li>
    );
  }
  return (
    <li className={classes.theirs} aria-busy={message.state === 'streaming'}>
      <div className={classes.avatar}>{avatar}</div>
      <div className={classes.answer}>
        <div className={classes.name}>{name}</div>
        <Answer message={message} />
        {message.state === 'failed' && message.problem !== null && <Failure message={message} onRetry={onRetry} />}
        {message.notices.map((notice) => <div key={notice} className={classes.note} role="status">{notice}</div>)}
        {message.state === 'stopped' && <div className={classes.note}>Stopped</div>}
        {message.state !== 'streaming' && message.text !== '' && <Tools message={message} onRetry={onRetry} onFeedback={onFeedback} />}
      </div>
    </li>
  );
});
ChatBubble.displayName = 'ChatBubble';

const Answer = ({ message }: { message: ChatMessage }) => {
  const [open, setOpen] = useState<number | null>(null);
  const shown = message.citations.length;
  const highest = Math.max(0, ...message.citations.map(({ number }) => number));
  return (
    <>
      {message.text !== '' && <Markdown breaks citations={highest} onCitation={setOpen}>{message.text}</Markdown>}
      {message.state === 'streaming' && message.text === '' && (
        <div className={classes.status} role="status"><span className={classes.dots} aria-hidden><i /><i /><i /></span>Thinking</div>
      )}
      {shown > 0 && message.state !== 'streaming' && <div className={classes.sources}><CitationChips citations={message.citations} open={open} onOpen={setOpen} /></div>}
    </>
  );
};

const Failure = ({ message, onRetry }: { message: ChatMessage; onRetry?: () => void }) => (
  <Alert color="red" role="alert" title={message.problem?.title} className={classes.failed}>
    {message.problem?.detail}
    {message.problem?.requestId != null && <div className={classes.note}>Request id {message.problem.requestId}</div>}
    {onRetry !== undefined && <Button mt="xs" size="xs" variant="default" leftSection={<IconRefresh size={14} />} onClick={onRetry}>Try again</Button>}
  </Alert>
);

const Tools = ({ message, onRetry, onFeedback }: { message: ChatMessage } & MessageActions) => (
  <div className={classes.tools}>
    <CopyButton value={message.text}>
      {({ copied, copy }) => <Tool label={copied ? 'Copied' : 'Copy'} onClick={copy}>{copied ? <IconCheck size={16} /> : <IconCopy size={16} />}</Tool>}
    </CopyButton>
    {onRetry !== undefined && <Tool label="Ask again" onClick={onRetry}><IconRefresh size={16} /></Tool>}
    {onFeedback !== undefined && (
      <>
        <Tool label="Good answer" pressed={message.feedback === 'up'} onClick={() => { onFeedback(message, 'up'); }}><IconThumbUp size={16} /></Tool>
        <Tool label="Bad answer" pressed={message.feedback === 'down'} onClick={() => { onFeedback(message, 'down'); }}><IconThumbDown size={16} /></Tool>
      </>
    )}
    {message.credits !== null && <span className={classes.cost}>{formatCredits(message.credits)}</span>}
  </div>
);

const Tool = ({ label, pressed, onClick, children }: { label: string; pressed?: boolean; onClick: () => void; children: ReactNode }) => (
  <Tooltip label={label}>
    <ActionIcon aria-label={label} aria-pressed={pressed} color={pressed === true ? 'accent' : 'gray'} variant={pressed === true ? 'light' : 'subtle'} onClick={onClick}>{children}</ActionIcon>
  </Tooltip>
);
