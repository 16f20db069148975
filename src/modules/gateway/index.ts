import type { Platform } from '#platform/context.ts';
import type { Vault } from '#platform/crypto/seal.ts';
import { on } from '#platform/events/event.ts';
import type { Authenticator } from '#platform/http/authenticator.ts';
import type { Module } from '#platform/module.ts';
import type { AnswerPreview } from '#modules/knowledge/index.ts';
import { storedConversations, type Recorder, type Runtime, type Subjects } from '#modules/runtime/index.ts';
import { subscriptionCancelled, subscriptionChanged } from '#modules/subscriptions/index.ts';
import { updateEndpoints } from '#modules/subscriptions/updates/contract.ts';
import { createAdmission } from './admission.ts';
import { createKeyDirectory } from './api-keys/key-directory.ts';
import { issueKey, listKeys, revokeAll, revokeKey, rotateKey } from './api-keys/service.ts';
import type { ReadFile } from './chat/attachments.ts';
import { chatService } from './chat/service.ts';
import { acceptChatSocket } from './chat/socket.ts';
import { apiKeyEndpoints, chatEndpoints, consoleChatEndpoints, previewEndpoint, runtimeAuthEndpoint } from './contract.ts';
import { demoService } from './demo/service.ts';
import { runtimeAuth } from './runtime-auth.ts';
import { knowledgeAnswers } from './trial/knowledge-answers.ts';
import { trialService } from './trial/service.ts';

export { ensurePublishableKey } from './api-keys/service.ts';
export { apiKeys } from './tables.ts';

export interface GatewayParts { platform: Platform; runtime: Runtime; recorder: Recorder; subjects: Subjects; vault: Vault; secureCookies: boolean; readFile: ReadFile }

/** Every entrance to the running products: keys, limits, chat in its formats, demo and preview. */
export interface Gateway extends Module { authenticator: Pick<Authenticator, 'key' | 'keyUsed'>; /** What products say in the knowledge's test panel. */ knowledgeAnswers: AnswerPreview }

const FLUSH_MS = 60_000;

export function gatewayModule(parts: GatewayParts): Gateway {
  const { platform, subjects } = parts;
  const keys = createKeyDirectory(platform);
  const admission = createAdmission();
  const chat = chatService({ ...parts, keys, admission, conversations: storedConversations });
  const demo = demoService({ ...parts, admission });
  const trial = trialService({ ...parts, admission });
  let timer: NodeJS.Timeout | undefined;

  return {
    name: 'gateway',
    knowledgeAnswers: knowledgeAnswers({ ...parts, admission }),
    authenticator: { key: async (presented) => keys.find(presented), keyUsed: (keyId) => keys.noteUse(keyId) },
    routes(serve) {
      serve(apiKeyEndpoints.list, listKeys);
      serve(apiKeyEndpoints.issue, issueKey);
      serve.process(apiKeyEndpoints.rotate, async (process, input) => {
        const issued = await process.run(async (ctx) => rotateKey(ctx, input));
        keys.forget();
        return issued;
      });
      serve.process(apiKeyEndpoints.revoke, async (process, input) => {
        await process.run(async (ctx) => revokeKey(ctx, input));
        keys.forget();
      });
      serve.raw(chatEndpoints.complete, chat.complete);
      serve.socket(chatEndpoints.socket, (socket, request, start) => acceptChatSocket({ chat, keys }, socket, request, start));
      serve.process(chatEndpoints.listModels, chat.listModels);
      serve.raw(chatEndpoints.run, chat.run);
      serve.raw(chatEndpoints.chat, chat.chat);
      serve.raw(chatEndpoints.runtimeChat, chat.chat);
      serve.raw(chatEndpoints.runtimeStream, async (process, input, exchange) => chat.chat(process, { body: { ...input.body, stream: true } }, exchange));
      serve.raw(consoleChatEndpoints.run, chat.runPage);
      serve.raw(consoleChatEndpoints.demo, demo.ask);
      serve.raw(consoleChatEndpoints.demoState, demo.state);
      serve.raw(previewEndpoint, demo.preview);
      serve.process(updateEndpoints.listTrialQuestions, trial.questions);
      serve.process(updateEndpoints.tryOffer, trial.ask);
      serve.process(runtimeAuthEndpoint, async (_process, input) => runtimeAuth(keys, subjects, input));
    },
    events: [
      on(subscriptionChanged, 'gateway-forget-subscription', async (_process, { subscriptionId }) => {
        subjects.forget(subscriptionId);
        keys.forget();
      }),
      on(subscriptionCancelled, 'gateway-revoke-keys', async (process, { subscriptionId }) => {
        await process.run(async (ctx) => revokeAll(ctx, subscriptionId));
        subjects.forget(subscriptionId);
        keys.forget();
      }),
    ],
    async start() {
      timer = setInterval(() => { void keys.flush().catch((error: unknown) => platform.log.error({ err: error }, 'noting the use of keys failed')); }, FLUSH_MS);
      timer.unref();
      await demo.sweep();
    },
    async stop() {
      clearInterval(timer);
      await parts.recorder.drain();
      await keys.flush();
    },
  };
}
