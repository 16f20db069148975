import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Ctx } from '#platform/context.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { apiKeys } from '#modules/gateway/index.ts';
import { problems as runtime, rateAnswer } from '#modules/runtime/index.ts';
import { loadSubscription, type LoadedSubscription } from '#modules/subscriptions/index.ts';
import type { WidgetConfig, widgetEndpoints } from './contract.ts';

type Endpoints = typeof widgetEndpoints;

export interface WidgetOptions { baseUrl: string; brand: string }

/** The accent of the installation, where neither widget nor branding has a colour. */
const DEFAULT_COLOR = '#3B82F6';

/** How the widget of a subscription looks: the widget section, then branding and persona, then what the product brings. */
export function widgetConfig({ row, configuration }: LoadedSubscription, { baseUrl, brand }: WidgetOptions): WidgetConfig {
  const { persona, conversation, branding, behavior, widget, rag } = configuration;
  const picture = (...candidates: string[]) => {
    const found = candidates.find((candidate) => candidate !== '');
    return found === undefined ? null : new URL(found, baseUrl).toString();
  };
  return {
    name: persona.name || branding.companyName || row.name,
    avatar: picture(widget.avatar, persona.avatar, branding.logo, row.logo ?? ''),
    logo: picture(branding.logo, row.logo ?? ''),
    welcome_message: oneOf([conversation.welcomeMessage, ...conversation.welcomeVariants].filter((text) => text !== '')) ?? '',
    suggested_prompts: conversation.suggestedPrompts,
    theme: widget.theme, colors: { primary: widget.primaryColor || branding.primaryColor || DEFAULT_COLOR, text: null },
    position: widget.position, size: widget.size, launcher: { icon: picture(widget.launcher.icon), label: widget.launcher.label || null },
    greeting: widget.greeting, fallback_message: conversation.handoffMessage || conversation.fallbackMessage, auto_open: widget.autoOpen, sound: widget.sound,
    citations: behavior.includeSources && rag.citations !== 'none', file_upload: false, feedback: true,
    locale: persona.language, powered_by: brand,
  };
}

const oneOf = (texts: readonly string[]): string | undefined => texts[Math.floor(Math.random() * texts.length)];

/** The subscription of the calling key, if it may be embedded. */
async function embeddable(ctx: Ctx, subscriptionId: string): Promise<LoadedSubscription> {
  const loaded = await loadSubscription(ctx, subscriptionId);
  if (loaded.row.state !== 'active') throw new Problem(runtime['subscription-inactive'], `This subscription is ${loaded.row.state}.`);
  if (!loaded.entitlements.features.widget) throw new Problem(runtime['not-allowed-by-plan'], 'This product has no widget.');
  return loaded;
}

export function widgetService(options: WidgetOptions) {
  return {
    async config(ctx: Ctx): Promise<Output<Endpoints['config']>> {
      if (ctx.actor.kind !== 'key') throw new Problem(kernel.unauthenticated);
      return widgetConfig(await embeddable(ctx, ctx.actor.subscriptionId), options);
    },

    async feedback(ctx: Ctx, { body }: Input<Endpoints['feedback']>): Promise<void> {
      if (ctx.actor.kind !== 'key') throw new Problem(kernel.unauthenticated);
      await rateAnswer(ctx, { subscriptionId: ctx.actor.subscriptionId, runId: body.run_id, rating: body.rating, comment: body.comment ?? null });
    },

    async rate(ctx: Ctx, { params, body }: Input<Endpoints['rate']>): Promise<void> {
      await rateAnswer(ctx, { subscriptionId: params.subscriptionId, runId: body.run_id, rating: body.rating, comment: body.comment ?? null });
    },

    async embed(ctx: Ctx, { params }: Input<Endpoints['embed']>): Promise<Output<Endpoints['embed']>> {
      const loaded = await embeddable(ctx, params.subscriptionId);
      const [key] = await ctx.tx.select({ text: apiKeys.publishableKey }).from(apiKeys)
        .where(and(eq(apiKeys.subscriptionId, params.subscriptionId), eq(apiKeys.kind, 'publishable'), isNull(apiKeys.revokedAt))).orderBy(desc(apiKeys.createdAt)).limit(1);
      const publishableKey = key?.text ?? null;
      return {
        publishable_key: publishableKey, allowed_domains: loaded.configuration.widget.allowedDomains, script_url: `${options.baseUrl}/widget.js`, config: widgetConfig(loaded, options),
        snippets: snippetsFor(options.baseUrl, publishableKey ?? 'pk_live_…', loaded),
      };
    },
  };
}

/** Embed code for each way of embedding; all of them load the one bundle. */
function snippetsFor(baseUrl: string, key: string, { configuration: { widget } }: LoadedSubscription): Output<Endpoints['embed']>['snippets'] {
  const init = JSON.stringify({ apiKey: key, theme: widget.theme, position: widget.position }, null, 2).replace(/"(\w+)":/g, '$1:').replaceAll('\n', '\n  ');
  return [
    { key: 'script', title: 'One script tag', language: 'html', code: `<script async src="${baseUrl}/widget.js" data-key="${key}"></script>` },
    { key: 'init', title: 'With settings', language: 'html', code: `<script src="${baseUrl}/gsv-widget.js"></script>\n<script>\n  CMPWidget.init(${init});\n</script>` },
    { key: 'inline', title: 'Inside the page', language: 'html', code: `<div id="assistant" style="height: 600px"></div>\n<script async src="${baseUrl}/widget.js" data-key="${key}" data-mode="inline" data-target="#assistant"></script>` },
    { key: 'queue', title: 'Open it from your own button', language: 'html', code: `<button onclick="CMP('open')">Chat with us</button>\n<script>window.CMP = window.CMP || function () { (CMP.q = CMP.q || []).push(arguments) }</script>\n<script async src="${baseUrl}/widget.js" data-key="${key}"></script>` },
  ];
}
