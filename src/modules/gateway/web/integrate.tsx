import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { CodeBlock } from '#web/kit/code-block.tsx';
import { CopyField } from '#web/kit/copy-field.tsx';
import { useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { KEY_PLACEHOLDER, openAiSamples, runSamples, streamSamples, type CodeSample } from './snippets.ts';
import classes from './keys.module.css';

/** How to call the product from one's own programs. */
export const Integrate = () => {
  const { id, capabilities } = useSubscription();
  const baseUrl = window.location.origin;
  const target = { baseUrl, key: KEY_PLACEHOLDER, question: 'How do I reset my password?' };
  return (
    <div className={classes.guide}>
      <div className={classes.addresses}>
        <CopyField label="Base URL" value={`${baseUrl}/v1`} description="Set it as the base address of any client that speaks the OpenAI format." />
        <CopyField label="Product id" value={id} description="The key already names the product; some calls take the id as well." />
      </div>
      <Part title="OpenAI format" samples={openAiSamples(target)}>
        The answer has OpenAI’s shape, with <code>citations</code>, <code>conversation_id</code> and <code>credits</code> beside it. Send <code>conversation_id</code> back to continue.
      </Part>
      {capabilities.interfaces.chat.features.streaming && (
        <Part title="Streaming" samples={streamSamples(target)}>The last piece carries the citations and what the answer cost.</Part>
      )}
      <Part title="Runs" samples={runSamples(target)}>One question, one answer, without a conversation format around it.</Part>
      <Text c="dimmed">
        Every endpoint, with its fields and errors, is described in the <a href="/docs" className={classes.docs}>API reference</a>.
        A refused call answers 401 (key), 402 (credits or plan used up), 403 (scope) or 429 (too many at once), with a message that says what to do.
      </Text>
    </div>
  );
};

const Part = ({ title, samples, children }: { title: string; samples: readonly CodeSample[]; children: ReactNode }) => (
  <section className={classes.guidePart}>
    <Title order={2} size="h3">{title}</Title>
    <Text c="dimmed" mb="sm">{children}</Text>
    <CodeBlock samples={samples} />
  </section>
);
