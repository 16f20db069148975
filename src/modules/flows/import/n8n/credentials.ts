import { oneLine } from '../plain.ts';
import type { RawNode } from './raw-workflow.ts';

/** An account that signs a request: which connection, and where its credential stands. */
export interface RequestCredential {
  connection: string;
  title: string;
  place: 'bearer' | 'basic' | 'header' | 'query';
  name: string;
  prefix: string;
  remark: string | null;
  /** A connector has that name; otherwise the account is one for any HTTP interface. */
  known: boolean;
}

/** Credential types of n8n whose service puts them elsewhere than into `Authorization: Bearer`. */
const PLACES: Readonly<Record<string, readonly [place: RequestCredential['place'], name: string, prefix: string]>> = {
  anthropicApi: ['header', 'x-api-key', ''], elevenLabsApi: ['header', 'xi-api-key', ''], googlePalmApi: ['query', 'key', ''], replicateApi: ['header', 'authorization', 'Token '], shopifyAccessTokenApi: ['header', 'X-Shopify-Access-Token', ''],
  pipedriveApi: ['query', 'api_token', ''], openWeatherMapApi: ['query', 'appid', ''], qdrantApi: ['header', 'api-key', ''], pineconeApi: ['header', 'Api-Key', ''], serpApi: ['query', 'api_key', ''], theHiveApi: ['bearer', '', ''],
  zendeskApi: ['basic', '', ''], jiraSoftwareCloudApi: ['basic', '', ''], wordpressApi: ['basic', '', ''], bambooHrApi: ['basic', '', ''], wooCommerceApi: ['basic', '', ''], twilioApi: ['basic', '', ''], mailchimpApi: ['basic', '', ''], freshdeskApi: ['basic', '', ''], phantombusterApi: ['header', 'X-Phantombuster-Key', ''],
  mondayComApi: ['header', 'authorization', ''], baserowApi: ['header', 'authorization', 'Token '], linearApi: ['header', 'authorization', ''], clickUpApi: ['header', 'authorization', ''], gotifyApi: ['header', 'X-Gotify-Key', ''], supabaseApi: ['header', 'apikey', ''],
};

/** Connectors that know how to sign for a credential type of n8n. */
const CONNECTORS: ReadonlyMap<string, readonly [string, string]> = new Map(Object.entries({
  openAi: ['openai', 'OpenAI'], slack: ['slack', 'Slack'], gmail: ['gmail', 'Gmail'], googleSheets: ['google-sheets', 'Google Sheets'], googleDrive: ['google-drive', 'Google Drive'], googleCalendar: ['google-calendar', 'Google Calendar'], googleDocs: ['google-docs', 'Google Docs'],
  notion: ['notion', 'Notion'], airtable: ['airtable', 'Airtable'], github: ['github', 'GitHub'], gitlab: ['gitlab', 'GitLab'], hubspot: ['hubspot', 'HubSpot'], jira: ['jira', 'Jira'], linear: ['linear', 'Linear'], stripe: ['stripe', 'Stripe'], trello: ['trello', 'Trello'], zendesk: ['zendesk', 'Zendesk'],
  sendGrid: ['sendgrid', 'SendGrid'], mailchimp: ['mailchimp', 'Mailchimp'], shopify: ['shopify', 'Shopify'], salesforce: ['salesforce', 'Salesforce'], twilio: ['twilio', 'Twilio'], whatsApp: ['whatsapp', 'WhatsApp'], supabase: ['supabase', 'Supabase'], elasticsearch: ['elasticsearch', 'Elasticsearch'], qdrant: ['qdrant', 'Qdrant'], pinecone: ['pinecone', 'Pinecone'],
  huggingFace: ['huggingface', 'Hugging Face'], replicate: ['replicate', 'Replicate'], elevenLabs: ['elevenlabs', 'ElevenLabs'], cohere: ['cohere', 'Cohere'], openWeatherMap: ['openweathermap', 'OpenWeather'], youTube: ['youtube', 'YouTube'], telegram: ['telegram', 'Telegram'], discord: ['discord', 'Discord'],
}));

/** `slackOAuth2Api` → `slack`. */
export const serviceOf = (type: string): string => type.replace(/(?:OAuth[12]?(?:Api)?|OAuth2Api|Access[Tt]okenApi|TokenApi|Token|CloudApi|ServerApi|Api[Kk]ey|Api|Account)+$/g, '').replace(/SoftwareCloud$/, '') || type;

/** The connection for a credential type of n8n; null where the request is not signed. */
export function credentialOf(type: string, node: RawNode): RequestCredential | null {
  const base = { name: '', prefix: '', remark: null, known: false };
  switch (type) {
    case '': case 'none': return null;
    case 'httpBasicAuth': case 'basicAuth': return { ...base, ...own(node), place: 'basic' };
    case 'httpBearerAuth': return { ...base, ...own(node), place: 'bearer' };
    case 'httpHeaderAuth': case 'headerAuth': return { ...base, ...own(node), place: 'bearer', remark: 'Which header carries the key is not in the file; it is sent as a bearer token, which the settings of the step can change.' };
    case 'httpQueryAuth': case 'queryAuth': return { ...base, ...own(node), place: 'query', name: 'api_key', remark: 'Which parameter carries the key is not in the file; it is sent as api_key, which the settings of the step can change.' };
    case 'oAuth2Api': case 'oAuth2': return { ...base, ...own(node), place: 'bearer' };
    case 'oAuth1Api': case 'oAuth1': case 'httpDigestAuth': case 'digestAuth': case 'httpCustomAuth': case 'customAuth': case 'httpSslAuth': return { ...base, ...own(node), place: 'bearer', remark: 'This way of signing in is not available here; the key is sent as a bearer token.' };
    default: break;
  }
  const service = serviceOf(type);
  const [connection, title] = CONNECTORS.get(service) ?? [keyOf(service), titleOf(service)];
  const [place, name, prefix] = (Object.hasOwn(PLACES, type) ? PLACES[type] : undefined) ?? ['bearer', '', ''];
  return { connection, title, place, name, prefix, remark: null, known: CONNECTORS.has(service) };
}

/** Requests to the same service share a connection; it is called after the host they go to. */
function own(node: RawNode): { connection: string; title: string } {
  const url = node.parameters['url'];
  const host = typeof url === 'string' ? /^=?https?:\/\/([\w.-]{1,100})/.exec(url)?.[1] : undefined;
  const key = host === undefined ? keyOf(node.name) : keyOf(host.replace(/^(?:www|api)\./, ''));
  return { connection: key, title: host ?? (oneLine(node.name, 80) || 'HTTP') };
}

const keyOf = (text: string): string => text.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60) || 'http';
const titleOf = (service: string): string => oneLine(service.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/^./, (first) => first.toUpperCase()), 80);
