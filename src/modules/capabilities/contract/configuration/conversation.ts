import { section } from './section.ts';
import { longText, onOff, text, texts } from './values.ts';

export const conversation = section({
  key: 'conversation',
  title: 'Conversation',
  description: 'The standing messages people read. Leave one empty to keep the product’s own.',
  fields: {
    welcomeMessage: longText(1000, 'Welcome message', 'The first thing people read.', { placeholder: 'Hi! How can I help you today?' }),
    welcomeVariants: texts({ itemsMax: 10, lengthMax: 1000 }, 'Welcome variants', 'Further greetings; each visitor gets one of them at random.'),
    suggestedPrompts: texts({ itemsMax: 8, lengthMax: 160 }, 'Suggested prompts', 'Questions people can start with.'),
    fallbackMessage: longText(1000, 'Fallback message', 'What it says when it has no answer.'),
    handoffMessage: longText(1000, 'Hand-off message', 'What it says when a person takes over.'),
    exitMessage: text(500, 'Exit message', 'What it says at the end.'),
    feedbackRequest: onOff('Ask for feedback', 'People are asked to rate the conversation.'),
  },
  initial: () => ({
    welcomeMessage: '', welcomeVariants: [], suggestedPrompts: [], fallbackMessage: '', handoffMessage: '', exitMessage: '', feedbackRequest: false,
  }),
  open: ({ configuration: { conversation: { enabled, options } } }) => ({
    welcomeMessage: enabled && options.welcomeMessage,
    welcomeVariants: enabled && options.welcomeVariants,
    suggestedPrompts: enabled && options.suggestedPrompts,
    fallbackMessage: enabled && options.fallbackMessage,
    handoffMessage: enabled && options.handoffMessage,
    exitMessage: enabled && options.exitMessage,
    feedbackRequest: enabled && options.feedbackRequest,
  }),
});
