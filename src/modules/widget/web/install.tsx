import { Text, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import type { Output } from '#platform/contract/endpoint.ts';
import { CodeBlock } from '#web/kit/code-block.tsx';
import type { widgetEndpoints } from '#modules/widget/contract.ts';
import { Domains } from './domains.tsx';
import { policyFor } from './embed-headers.ts';
import { KeyStatus, PublishableKey } from './publishable-key.tsx';
import type { SaveWidget } from './use-save-widget.ts';
import classes from './builder.module.css';

type Embed = Output<typeof widgetEndpoints.embed>;

/** What each way of embedding is for. */
const PURPOSES: Readonly<Record<Embed['snippets'][number]['key'], string>> = {
  script: 'For most sites: one line, and every change you save here shows without touching your site again.',
  init: 'For pages that decide themselves: what stands in the call wins over what is saved here.',
  queue: 'No button in the corner; your own button, link or menu opens it.',
  legacy: 'For pages written for the older loader: same script, same settings, under its old name.',
  inline: 'As a part of the page: it fills the element you name.',
  popup: 'Opens in the middle of the page, over it.',
  fullpage: 'A page that is nothing but the chat, such as /help.',
};

/** Getting it onto a site: domain, code, and whether it arrived. */
export const Install = ({ embed, domains, change }: { embed: Embed; domains: readonly string[]; change: SaveWidget['changeDomains'] }) => {
  const heading = useId();
  const origin = new URL(embed.script_url).origin;
  return (
    <section className={classes.install} aria-labelledby={heading} id="install">
      <Title order={2} size="h3" id={heading}>Put it on your site</Title>
      <ol className={classes.steps}>
        <Step number={1} title="Say where it may run">
          <Domains domains={domains} change={change} />
          <PublishableKey value={embed.publishable_key} />
        </Step>
        <Step number={2} title="Copy the code">
          <CodeBlock samples={embed.snippets.map(({ title, code }) => ({ label: title, code }))} />
          <details className={classes.more}>
            <summary>Which one to take</summary>
            <dl>{embed.snippets.map(({ key, title }) => <div key={key}><dt>{title}</dt><dd>{PURPOSES[key]}</dd></div>)}</dl>
          </details>
        </Step>
        <Step number={3} title={<>Paste it before <code>{'</body>'}</code></>}>
          <Text c="dimmed">On every page that should have it. Most site builders have a field for code at the end of each page.</Text>
          <details className={classes.more}>
            <summary>If your site sends a Content-Security-Policy</summary>
            <Text c="dimmed" mb="xs">Add these sources to the directives you have. Styles need none. Where you allow scripts by nonce, put yours on each script tag; the codes with a script of their own need one, the plain script tag does not. With <code>require-trusted-types-for</code>, also allow <code>trusted-types cmp-widget</code>.</Text>
            <CodeBlock label="Content-Security-Policy" code={policyFor(origin, [embed.config.avatar, embed.config.logo, embed.config.launcher.icon])} />
          </details>
        </Step>
        <Step number={4} title="See it arrive">
          {embed.publishable_key === null ? <Text c="dimmed">It needs a key first.</Text> : <KeyStatus value={embed.publishable_key} />}
        </Step>
      </ol>
    </section>
  );
};

const Step = ({ number, title, children }: { number: number; title: ReactNode; children: ReactNode }) => (
  <li className={classes.step}>
    <span className={classes.stepNumber} aria-hidden>{number}</span>
    <div className={classes.stepBody}>
      <Title order={3} size="h4">{title}</Title>
      {children}
    </div>
  </li>
);
