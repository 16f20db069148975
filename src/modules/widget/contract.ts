import { z } from 'zod';
import { endpoint, Id } from '#platform/contract/endpoint.ts';
import { WIDGET_COMMENT_MAX, WIDGET_CONFIG_PATH, WIDGET_FEEDBACK_PATH, WIDGET_POSITIONS, WIDGET_SIZES, WIDGET_THEMES } from './embed-contract.ts';

/** What the widget asks once when it starts. Texts may be empty; pictures are absolute addresses. */
export const WidgetConfig = z.object({
  name: z.string(), avatar: z.string().nullable(), logo: z.string().nullable(), welcome_message: z.string(), suggested_prompts: z.array(z.string()),
  theme: z.enum(WIDGET_THEMES), colors: z.object({ primary: z.string(), text: z.string().nullable() }),
  position: z.enum(WIDGET_POSITIONS), size: z.enum(WIDGET_SIZES),
  launcher: z.object({ icon: z.string().nullable(), label: z.string().nullable() }), greeting: z.string(), fallback_message: z.string(), auto_open: z.boolean(), sound: z.boolean(),
  citations: z.boolean(), file_upload: z.boolean(), feedback: z.boolean(), locale: z.string(), powered_by: z.string().nullable(),
});
export type WidgetConfig = z.infer<typeof WidgetConfig>;

const subscriptionParams = z.object({ subscriptionId: Id });

export const widgetEndpoints = {
  config: endpoint({ method: 'GET', path: WIDGET_CONFIG_PATH, access: { key: 'chat', publishable: true }, summary: 'How the widget looks and greets', tags: ['Widget'], response: WidgetConfig }),
  feedback: endpoint({
    method: 'POST', path: WIDGET_FEEDBACK_PATH, access: { key: 'chat', publishable: true }, summary: 'Rate an answer', tags: ['Widget'],
    body: z.strictObject({ run_id: Id, rating: z.enum(['up', 'down']), comment: z.string().max(WIDGET_COMMENT_MAX).optional() }), status: 204, response: z.undefined(),
  }),
  /** The console's own run page rates answers here. */
  rate: endpoint({
    method: 'POST', path: '/api/v1/subscriptions/:subscriptionId/feedback', access: { member: 'member' }, summary: 'Rate an answer of the run page', tags: ['Chat'], params: subscriptionParams,
    body: z.strictObject({ run_id: Id, rating: z.enum(['up', 'down']), comment: z.string().max(WIDGET_COMMENT_MAX).optional() }), status: 204, response: z.undefined(),
  }),
  /** For the builder: embed code for the shapes that are switched on, domains, the publishable key. */
  embed: endpoint({
    method: 'GET', path: '/api/v1/subscriptions/:subscriptionId/widget', aliases: ['/api/customer-agent-configs/:subscriptionId/widget', '/instances/:subscriptionId/widget/config'], access: { member: 'member' }, summary: 'Embed code', tags: ['Widget'],
    params: subscriptionParams,
    response: z.object({
      publishable_key: z.string().nullable(), allowed_domains: z.array(z.string()), script_url: z.string(), config: WidgetConfig,
      snippets: z.array(z.object({ key: z.enum(['script', 'init', 'queue', 'legacy', 'inline', 'popup', 'fullpage']), title: z.string(), language: z.string(), code: z.string() })),
    }),
  }),
};
