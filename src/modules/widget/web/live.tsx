import { Alert, SegmentedControl, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { z } from 'zod';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { EmptyState, Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { buyerPaths } from '#web/url/paths.ts';
import { useRouteParam, useSearchState } from '#web/url/search-state.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { widgetEndpoints } from '#modules/widget/contract.ts';
import { WIDGET_MODES, type WidgetMode } from '#modules/widget/embed-contract.ts';
import { MODE_NAMES } from './builder-schema.ts';
import { widgetIn } from './preview-stage.ts';
import { samplePage } from './sample-page.ts';
import classes from './builder.module.css';

const View = z.object({ device: z.enum(['desktop', 'phone']).catch('desktop'), shape: z.enum(WIDGET_MODES).catch('floating') });

/** The saved widget at work: the very code a site carries, in a page of this installation, with real answers. */
export const WidgetLive = () => {
  const organization = useRouteParam('org');
  const subscriptionId = useRouteParam('sub');
  const product = useEndpoint(subscriptionEndpoints.get, { params: { subscriptionId } });
  const embed = useEndpoint(widgetEndpoints.embed, { params: { subscriptionId } });
  const builder = buyerPaths.subscriptionTab(organization, subscriptionId, 'widget');
  const crumbs = [
    { label: 'My products', to: buyerPaths.products(organization) },
    { label: product.data?.name ?? 'Product', to: buyerPaths.subscription(organization, subscriptionId) },
    { label: 'Widget', to: builder },
  ];
  return (
    <Page
      title="Try it live" breadcrumbs={crumbs} action={<LinkButton variant="default" to={builder}>Back to the design</LinkButton>}
      description="Your saved widget on a sample page. It answers for real: each message costs credits as on your site."
    >
      <Loaded query={embed} skeleton={<LoadingSkeleton shape="cards" count={1} />}>
        {({ publishable_key: key, snippets }) => (key === null
          ? <EmptyState title="The widget has no key" action={<LinkButton to={builder}>Back to the design</LinkButton>}>Create a publishable key first; the page of the design says how.</EmptyState>
          : <Stage publishableKey={key} modes={WIDGET_MODES.filter((mode) => snippets.some((snippet) => snippet.key === (mode === 'floating' ? 'script' : mode)))} />)}
      </Loaded>
    </Page>
  );
};

const Stage = ({ publishableKey, modes }: { publishableKey: string; modes: readonly WidgetMode[] }) => {
  const [view, set] = useSearchState(View);
  const mode = modes.includes(view.shape) ? view.shape : (modes[0] ?? 'floating');
  // A widget that follows the visitor's device follows this one; the page under it does too.
  const dark = useMediaQuery('(prefers-color-scheme: dark)', undefined, { getInitialValueInEffect: false });
  const page = samplePage({ scheme: dark ? 'dark' : 'light', inline: mode === 'inline', script: { key: publishableKey, mode } });
  return (
    <div className={classes.live}>
      <div className={classes.toolbar}>
        {modes.length > 1 && <SegmentedControl size="xs" aria-label="Shape" value={mode} onChange={(shape) => { set({ shape: View.shape.shape.parse(shape) }); }} data={modes.map((value) => ({ value, label: MODE_NAMES[value] }))} />}
        <SegmentedControl size="xs" aria-label="Device" className={classes.devices} value={view.device} onChange={(device) => { set({ device: View.shape.device.parse(device) }); }} data={[{ value: 'desktop', label: 'Desktop' }, { value: 'phone', label: 'Phone' }]} />
      </div>
      <LivePage key={`${page}${view.device}`} page={page} phone={view.device === 'phone'} />
    </div>
  );
};

type Condition = { state: 'starting' | 'ready' } | { state: 'failed'; message: string };
const SCRIPT_MS = 15_000;

const LivePage = ({ page, phone }: { page: string; phone: boolean }) => {
  const frame = useRef<HTMLIFrameElement>(null);
  const [condition, setCondition] = useState<Condition>({ state: 'starting' });
  const fail = useEffectEvent((message: string) => { if (condition.state === 'starting') setCondition({ state: 'failed', message }); });
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const timer = setTimeout(() => { fail('It did not start within 15 seconds.'); }, SCRIPT_MS);
    const listen = () => {
      const widget = element.contentWindow === null ? null : widgetIn(element.contentWindow);
      if (widget === null) { fail('The widget’s script did not load from this installation.'); return; }
      widget('on', 'ready', () => { setCondition({ state: 'ready' }); });
      widget('on', 'error', (event: unknown) => { if (event instanceof Object && 'message' in event) fail(String(event.message)); });
    };
    element.addEventListener('load', listen);
    element.srcdoc = page;
    return () => { clearTimeout(timer); element.removeEventListener('load', listen); };
  }, [page]);
  return (
    <>
      {condition.state === 'failed' && <Alert color="red" title="The widget did not start" role="alert">{condition.message}</Alert>}
      <div className={classes.liveWindow} data-device={phone ? 'phone' : 'desktop'}><iframe ref={frame} title="Sample page with your widget" className={classes.livePage} /></div>
      <Text size="xs" c="dimmed" role="status">{condition.state === 'ready' ? 'Running.' : condition.state === 'starting' ? 'Starting' : ''} The conversation is kept in your browser, as your visitors’ is.</Text>
    </>
  );
};

