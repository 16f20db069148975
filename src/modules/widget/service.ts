import { and, desc, eq, gt, isNull, or } from 'drizzle-orm';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Ctx } from '#platform/context.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { Listing } from '#modules/catalog/contract.ts';
import { approvedVersion } from '#modules/catalog/index.ts';
import { apiKeys } from '#modules/gateway/index.ts';
import { problems as runtime, rateAnswer } from '#modules/runtime/index.ts';
import { loadSubscription, type LoadedSubscription } from '#modules/subscriptions/index.ts';
import type { WidgetConfig, widgetEndpoints } from './contract.ts';
import { WIDGET_COLOR_DEFAULT, WIDGET_MODES, type WidgetMode } from './embed-contract.ts';

type Endpoints = typeof widgetEndpoints;

export interface WidgetOptions { baseUrl: string; brand: string }

/** How the widget of a subscription looks: the widget section, then branding and persona, then what the product brings. */
export function widgetConfig({ row, configuration }: LoadedSubscription, listing: Pick<Listing, 'welcomeMessage' | 'suggestedPrompts'>, { baseUrl, brand }: WidgetOptions): WidgetConfig {
  const { persona, conversation, branding, behavior, widget, rag } = configuration;
  const picture = (...candidates: string[]) => {
    const found = candidates.find((candidate) => candidate !== '');
    return found === undefined ? null : new URL(found, baseUrl).toString();
  };
  const avatar = picture(widget.avatar, persona.avatar, branding.logo, row.logo ?? '');
  // It stands where the name would: only a company's own, and not a second time beside itself.
  const logo = picture(branding.logo);
  return {
    name: persona.name || branding.companyName || row.name,
    avatar, logo: logo === avatar ? null : logo,
    welcome_message: oneOf([conversation.welcomeMessage, ...conversation.welcomeVariants].filter((text) => text !== '')) ?? listing.welcomeMessage,
    suggested_prompts: conversation.suggestedPrompts.length > 0 ? conversation.suggestedPrompts : listing.suggestedPrompts,
    theme: widget.theme, colors: { primary: widget.primaryColor || branding.primaryColor || WIDGET_COLOR_DEFAULT, text: null },
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
      const loaded = await embeddable(ctx, ctx.actor.subscriptionId);
      return widgetConfig(loaded, (await approvedVersion(ctx, loaded.row.versionId)).listing, options);
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
        .where(and(eq(apiKeys.subscriptionId, params.subscriptionId), eq(apiKeys.kind, 'publishable'), isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, ctx.now())))).orderBy(desc(apiKeys.createdAt)).limit(1);
      const publishableKey = key?.text ?? null;
      return {
        publishable_key: publishableKey, allowed_domains: loaded.configuration.widget.allowedDomains, script_url: `${options.baseUrl}/widget.js`, config: widgetConfig(loaded, (await approvedVersion(ctx, loaded.row.versionId)).listing, options),
        snippets: snippetsFor(options.baseUrl, publishableKey ?? 'pk_live_…', loaded),
      };
    },
  };
}

type Snippets = Output<Endpoints['embed']>['snippets'];

/** Embed code for each shape the buyer switched on; all of it loads the one bundle. */
function snippetsFor(baseUrl: string, key: string, { row, configuration: { widget } }: LoadedSubscription): Snippets {
  const script = (attributes = '') => `<script async src="${baseUrl}/widget.js" data-key="${key}"${attributes}></script>`;
  const init = (settings: object) => JSON.stringify(settings, null, 2).replace(/"(\w+)":/g, '$1:').replaceAll('\n', '\n  ');
  const look = { apiKey: key, theme: widget.theme, position: widget.position };
  const language = 'html';
  const snippets: Record<WidgetMode, Snippets> = {
    floating: [
      { key: 'script', title: 'Script tag', language, code: script() },
      { key: 'init', title: 'With settings', language, code: `<script src="${baseUrl}/widget.js"></script>\n<script>\n  CMPWidget.init(${init(look)});\n</script>` },
      { key: 'queue', title: 'Own button', language, code: `<button onclick="CMP('open')">Chat with us</button>\n<script>window.CMP = window.CMP || function () { (CMP.q = CMP.q || []).push(arguments) }</script>\n${script(' data-launcher="false"')}` },
      { key: 'legacy', title: 'GSVWidget', language, code: `<script src="${baseUrl}/v1/loader.js"></script>\n<script>\n  GSVWidget.init(${init({ instanceId: row.id, ...look })});\n</script>` },
    ],
    inline: [{ key: 'inline', title: 'Inside the page', language, code: `<div id="assistant" style="height: 600px"></div>\n${script(' data-mode="inline" data-target="#assistant"')}` }],
    popup: [{ key: 'popup', title: 'Dialog', language, code: script(' data-mode="popup"') }],
    fullpage: [{ key: 'fullpage', title: 'Whole page', language, code: script(' data-mode="fullpage"') }],
  };
  return WIDGET_MODES.filter((mode) => widget.types.includes(mode)).flatMap((mode) => snippets[mode]);
}
