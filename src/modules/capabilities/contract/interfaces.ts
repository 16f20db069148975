import { z } from 'zod';
import { anyOf, flag } from './leaves.ts';

export const CHAT_MODES = ['text', 'voice', 'video'] as const;
export const WIDGET_TYPES = ['floating', 'inline', 'fullpage', 'popup'] as const;
export const API_PROTOCOLS = ['rest', 'graphql', 'websocket', 'mcp'] as const;
const API_AUTHENTICATIONS = ['api_key', 'oauth2', 'jwt'] as const;
export const INTEGRATION_PLATFORMS = ['slack', 'teams', 'discord', 'whatsapp', 'telegram', 'email'] as const;

const whenOn = { when: { path: 'enabled', equals: true } };

const Chat = z.strictObject({
  enabled: flag('Offer chat', 'People talk to your product in a conversation.'),
  modes: anyOf(CHAT_MODES, ['text'], 'Ways to talk', 'How people may speak with it.', whenOn),
  features: z.strictObject({
    streaming: flag('Streaming', 'Answers appear word by word while they are written.'),
    fileUpload: flag('File upload', 'People may attach files to a message.'),
    imageInput: flag('Image input', 'People may send pictures for your product to look at.'),
    multiTurn: flag('Multi-turn', 'Earlier messages of the conversation are remembered.'),
    suggestedReplies: flag('Suggested replies', 'Quick-reply buttons appear under an answer.'),
  }).prefault({}).meta({ title: 'Chat features', description: 'What a conversation can do.', ui: whenOn }),
});

const Widget = z.strictObject({
  enabled: flag('Offer an embeddable widget', 'Buyers put your product on their own site with a short snippet.'),
  types: anyOf(WIDGET_TYPES, ['floating'], 'Widget types', 'The shapes a buyer may embed.', whenOn),
  customization: z.strictObject({
    theme: flag('Theme', 'Buyers choose light, dark, automatic or custom.'),
    colors: flag('Colours', 'Buyers set their brand colours.'),
    position: flag('Position', 'Buyers choose the corner it sits in.'),
    size: flag('Size', 'Buyers choose how large it opens.'),
    avatar: flag('Avatar', 'Buyers set the picture beside its messages.'),
    launcher: flag('Launcher', 'Buyers set the button that opens it.'),
  }).prefault({}).meta({ title: 'What buyers may customise', description: 'The look of the widget that buyers control.', ui: whenOn }),
});

const Api = z.strictObject({
  enabled: flag('Offer API access', 'Buyers call your product from their own software.'),
  protocols: anyOf(API_PROTOCOLS, ['rest'], 'Protocols', 'The ways to call it.', whenOn),
  authentication: anyOf(API_AUTHENTICATIONS, ['api_key'], 'Authentication', 'How callers prove who they are.', whenOn),
  features: z.strictObject({
    webhooks: flag('Webhooks', 'Buyers are notified of events at an address of theirs.'),
    callbacks: flag('Callbacks', 'Long calls report their end to an address of the caller.'),
    batch: flag('Batch', 'Many inputs may be sent in one call.'),
  }).prefault({}).meta({ title: 'API features', description: 'What the API can do beyond single calls.', ui: whenOn }),
});

const Integrations = z.strictObject({
  enabled: flag('Offer direct integrations', 'Buyers connect your product to the tools they already use.'),
  platforms: anyOf(INTEGRATION_PLATFORMS, [], 'Platforms', 'The tools it can be connected to.', whenOn),
});

/** How people and software reach a product. */
export const InterfaceCapabilities = z.strictObject({
  chat: Chat.prefault({}).meta({ title: 'Chat', description: 'A conversation on this platform or in the widget.' }),
  widget: Widget.prefault({}).meta({ title: 'Widget', description: 'A piece of your product inside the buyer’s site.' }),
  api: Api.prefault({}).meta({ title: 'API', description: 'Access for programs.' }),
  integrations: Integrations.prefault({}).meta({ title: 'Integrations', description: 'Ready-made connections to messaging tools.' }),
});
export type InterfaceCapabilities = z.infer<typeof InterfaceCapabilities>;
