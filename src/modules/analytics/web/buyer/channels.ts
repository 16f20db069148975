const NAMES: Readonly<Record<string, string>> = {
  console: 'Run page', widget: 'Widget', api: 'API', mcp: 'MCP', websocket: 'Websocket', graphql: 'GraphQL', demo: 'Demo', preview: 'Preview', email: 'E-mail', slack: 'Slack', whatsapp: 'WhatsApp',
};

/** A channel by the name people know it by. */
export const channelName = (channel: string): string => NAMES[channel] ?? channel;

/** The channels a list of conversations can be narrowed to. */
export const CHANNEL_OPTIONS: readonly { value: string; label: string }[] = ['widget', 'api', 'console'].map((value) => ({ value, label: channelName(value) }));
