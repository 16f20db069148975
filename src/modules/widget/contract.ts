import { z } from 'zod';
import { endpoint, Id } from '#platform/contract/endpoint.ts';

/** What the widget asks once when it opens or starts. */
export const WidgetConfig = z.object({
  name: z.string(), avatar: z.string().nullable(), logo: z.string().nullable(), welcome_message: z.string(), suggested_prompts: z.array(z.string()),
  theme: z.enum(['light', 'dark', 'auto', 'custom']), colors: z.object({ primary: z.string(), text: z.string().nullable() }),
  position: z.enum(['bottom-right', 'bottom-left', 'top-right', 'top-left']), size: z.enum(['small', 'medium', 'large']),
  launcher: z.object({ icon: z.string(), label: z.string() }), greeting: z.string(), fallback_message: z.string(), auto_open: z.boolean(), sound: z.boolean(),
  citations: z.boolean(), file_upload: z.boolean(), feedback: z.boolean(), locale: z.string(), powered_by: z.string(),
});
export type WidgetConfig = z.infer<typeof WidgetConfig>;

const subscriptionParams = z.object({ subscriptionId: Id });

export const widgetEndpoints = {
  config: endpoint({ method: 'GET', path: '/v1/widget/config', access: { key: 'chat', publishable: true }, summary: 'How the widget looks and greets', tags: ['Widget'], response: WidgetConfig }),
  feedback: endpoint({
    method: 'POST', path: '/v1/widget/feedback', access: { key: 'chat', publishable: true }, summary: 'Rate an answer', tags: ['Widget'],
    body: z.strictObject({ run_id: Id, rating: z.enum(['up', 'down']), comment: z.string().max(2000).optional() }), status: 204, response: z.undefined(),
  }),
  /** For the builder: embed code, domains, the publishable key. */
  embed: endpoint({
    method: 'GET', path: '/api/v1/subscriptions/:subscriptionId/widget', aliases: ['/api/customer-agent-configs/:subscriptionId/widget', '/instances/:subscriptionId/widget/config'], access: { member: 'member' }, summary: 'Embed code', tags: ['Widget'],
    params: subscriptionParams,
    response: z.object({
      publishable_key: z.string().nullable(), allowed_domains: z.array(z.string()), script_url: z.string(), config: WidgetConfig,
      snippets: z.array(z.object({ key: z.string(), title: z.string(), language: z.string(), code: z.string() })),
    }),
  }),
};
