import { WIDGET_CHAT_PATH, WIDGET_CONFIG_PATH, WIDGET_FEEDBACK_PATH, type WidgetCitation } from '#modules/widget/embed-contract.ts';
import type { WidgetConfig } from '#modules/widget/contract.ts';

/** Never sent anywhere: the stage answers in the server's place. */
export const PREVIEW_KEY = 'pk_test_builder_preview';

/** What the preview's visitor typed, kept from one redraw to the next. */
export type StageMemory = Map<string, string>;

/**
 * Turns a window with the real widget script into a stage: its settings are those of the form, its answers are an example,
 * and nothing it stores reaches the console's own storage. Everything else is the widget as visitors get it.
 */
export const setStage = (page: Window, config: WidgetConfig, memory: StageMemory): void => {
  Reflect.set(page, 'fetch', (address: unknown) => Promise.resolve(answerFor(new URL(String(address)).pathname, config)));
  for (const [area, store] of [['localStorage', memory], ['sessionStorage', new Map<string, string>()]] as const) {
    Object.defineProperty(page, area, { value: storageOf(store) });
  }
  // The widget takes the keyboard when a person's own act opened it; here that act was typing in the form.
  Object.defineProperty(page.navigator, 'userActivation', { value: { isActive: false, hasBeenActive: false } });
  const wait = page.setTimeout.bind(page);
  // Pauses out of politeness to visitors (the greeting comes after three seconds) would only be waiting here.
  Reflect.set(page, 'setTimeout', (act: () => void, ms = 0) => wait(act, ms >= 1_000 && ms <= 5_000 ? 150 : ms));
};

const answerFor = (path: string, config: WidgetConfig): Response => {
  if (path.endsWith(WIDGET_CONFIG_PATH)) return Response.json(config);
  if (path.endsWith(WIDGET_FEEDBACK_PATH)) return new Response(null, { status: 204 });
  if (path.endsWith(WIDGET_CHAT_PATH)) return new Response(exampleAnswer(config.citations), { headers: { 'content-type': 'text/event-stream' } });
  return Response.json({ error: { code: 'not_found', message: 'The preview has no such address.' } }, { status: 404 });
};

/** Only what the widget uses of a Storage. Whether it greeted before is forgotten, so that the greeting can be looked at. */
const storageOf = (entries: Map<string, string>) => ({
  getItem: (name: string) => (name.endsWith(':greeted') ? null : entries.get(name) ?? null),
  setItem: (name: string, value: string) => { entries.set(name, value); },
  removeItem: (name: string) => { entries.delete(name); },
});

const WORDS = 'This is an **example**, so that you see how an answer looks. Open *Try it live* to talk to your product.';
const PIECE_MS = 30;

const CITATION: WidgetCitation = {
  id: 1, document_id: 'example', title: 'Example document', page: 3, url: null, snippet: 'The passage an answer rests on stands here, word for word.',
};

/** An answer word by word, in the format of the real ones. */
const exampleAnswer = (citations: boolean): ReadableStream<Uint8Array> => {
  const text = citations ? `${WORDS} [1]` : WORDS;
  const chunks: object[] = [
    ...text.split(/(?<= )/).map((content) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { choices: [], run_id: 'example', citations: citations ? [CITATION] : [] },
  ];
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => { setTimeout(resolve, PIECE_MS); });
      const chunk = chunks.shift();
      controller.enqueue(encoder.encode(chunk === undefined ? 'data: [DONE]\n\n' : `data: ${JSON.stringify(chunk)}\n\n`));
      if (chunk === undefined) controller.close();
    },
  });
};

/** The widget's own interface in a page, once its script has run; null where it did not. */
export const widgetIn = (page: Window): ((method: string, ...args: unknown[]) => unknown) | null => {
  const api: unknown = Reflect.get(page, 'CMPWidget');
  if (typeof api !== 'function') return null;
  return (method, ...args): unknown => Reflect.apply(api, page, [method, ...args]);
};
