import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Process } from '#platform/context.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { HttpExchange } from '#platform/http/serve.ts';
import { queueRun } from '#modules/automation/index.ts';
import { problems as runtimeProblems, type Answering, type Conversations, type Runtime, type Subject, type Subjects } from '#modules/runtime/index.ts';
import type { Admission } from '../admission.ts';
import type { KeyDirectory } from '../api-keys/key-directory.ts';
import { presentedKey } from '#platform/http/authorize.ts';
import type { ChatCompletionRequest, chatEndpoints, consoleChatEndpoints, Visitor } from '../contract.ts';
import { answerEvents, collect, failure, receiptMembers, streamAnswer, usageMember } from './chat-answer.ts';
import { readAttachments, sorted, type ReadFile } from './attachments.ts';
import { turnsOf, withinEntitlements, type Turns } from './chat-request.ts';

type Endpoints = typeof chatEndpoints;

export interface ChatParts { runtime: Runtime; subjects: Subjects; conversations: Conversations; keys: KeyDirectory; admission: Admission; readFile: ReadFile }

/** Requests a minute one address may send with a publishable key, whatever the plan: it stands in a public page. */
const VISITOR_PER_MINUTE = 30;

interface Ask {
  turns: Turns;
  channel: string;
  conversationId?: string | undefined;
  visitor?: z.infer<typeof Visitor> | undefined;
  temperature?: number | null | undefined;
  outputTokensMax?: number | null | undefined;
}

type Completion = z.infer<typeof ChatCompletionRequest>;
/** Who asks: headers and address, and where limits are told, if there is an answer to tell them on. */
interface Caller { request: FastifyRequest; reply?: FastifyReply }

/** Every entrance that answers messages, over one handler. */
export function chatService({ runtime, subjects, conversations, keys, admission, readFile }: ChatParts) {
  /** Admits, loads what is known, and starts the answer. Returns it with the release of its place. */
  async function start(process: Process, subject: Subject, keyId: string | null, ask: Ask): Promise<{ answering: Answering; leave: () => void }> {
    const conversation = ask.conversationId && subject.subscriptionId
      ? await conversations.resume(process, subject.subscriptionId, ask.conversationId, ask.visitor?.id ?? null) : null;
    const turns = withinEntitlements(conversation && ask.turns.history.length === 0 ? { ...ask.turns, history: conversation.history } : ask.turns, subject);
    // Reading costs more than asking: who cannot pay is told before.
    if (turns.files.length > 0) await runtime.checkBalance(subject);
    const files = await readAttachments(turns.files, readFile);
    const answering = await runtime.answer({
      subject, channel: ask.channel, keyId, text: turns.text, images: turns.images, ...(files.length > 0 ? { files } : {}), history: turns.history, conversation, visitor: ask.visitor ?? null,
      generation: { temperature: ask.temperature ?? null, outputTokensMax: ask.outputTokensMax ?? null }, signal: process.signal,
    });
    try {
      return { answering, leave: await admission.enter(`subscription:${subject.subscriptionId}`, subject.entitlements.concurrency, process.signal) };
    } catch (error) {
      await answering.abandon('busy');
      throw error;
    }
  }

  /** Takes the request from its rate limits. Who could not pay anyway is told that, not to come back later. */
  async function admit(subject: Subject, limits: Parameters<Admission['take']>[0]): Promise<number> {
    try {
      return admission.take(limits);
    } catch (error) {
      await runtime.checkBalance(subject);
      throw error;
    }
  }

  /** The subject of the calling key, after its rate limits. */
  async function admitKey(process: Process, { request, reply }: Caller): Promise<{ subject: Subject; keyId: string; publishable: boolean }> {
    const { actor } = process;
    if (actor.kind !== 'key') throw new Problem(kernel.unauthenticated);
    const [subject, key] = await Promise.all([subjects.forSubscription(process.tenant, actor.subscriptionId), keys.find(presentedKey(request) ?? '')]);
    const perMinute = key.requestsPerMinute ?? subject.entitlements.apiCallsPerMinute;
    const limits = [{ name: `key:${actor.keyId}`, perMinute }, { name: `subscription:${actor.subscriptionId}`, perMinute: subject.entitlements.apiCallsPerMinute }];
    if (actor.publishable) limits.push({ name: `visitor:${actor.subscriptionId}:${request.ip}`, perMinute: VISITOR_PER_MINUTE });
    const remaining = await admit(subject, limits);
    reply?.header('x-ratelimit-limit-requests', String(perMinute)).header('x-ratelimit-remaining-requests', String(remaining));
    return { subject, keyId: actor.keyId, publishable: actor.publishable };
  }

  async function byKey(process: Process, caller: Caller, asked: (publishable: boolean) => Ask) {
    const { subject, keyId, publishable } = await admitKey(process, caller);
    return { ...await start(process, subject, keyId, asked(publishable)), subject };
  }

  /** Starts what a completion request asks for, however it arrived. */
  async function startCompletion(process: Process, caller: Caller, body: Completion) {
    const messages = body.messages ?? (body.message === undefined ? undefined : [{ role: 'user' as const, content: body.message }]);
    if (!messages) throw new Problem(kernel.invalid, 'Send "messages" (or "message").', { issues: [{ path: 'messages', message: 'required' }] });
    const started = await byKey(process, caller, (publishable) => ({
      turns: turnsOf(messages, !publishable), channel: publishable ? 'widget' : 'api', conversationId: body.conversation_id, visitor: body.visitor,
      temperature: publishable ? null : body.temperature, outputTokensMax: body.max_completion_tokens ?? body.max_tokens,
    }));
    const options = { model: body.model ?? started.subject.name, created: nowSeconds(process), includeUsage: body.stream_options?.include_usage === true };
    return { ...started, options };
  }

  /** Admits a run and leaves it to the workers; answers 202 with its id. */
  async function queue(process: Process, exchange: HttpExchange, { message, data, conversationId, visitor }: { message: string; data: unknown; conversationId: string | undefined; visitor: Ask['visitor'] }): Promise<void> {
    const { subject, keyId, publishable } = await admitKey(process, exchange);
    if (publishable) throw new Problem(kernel.forbidden, 'Runs in the background need a secret key.');
    const { subscriptionId } = subject;
    if (subscriptionId === null) throw new Problem(kernel['not-found']);
    await runtime.checkBalance(subject);
    const requestKey = exchange.request.headers['idempotency-key'];
    const runId = await process.run(async (ctx) => queueRun(ctx, {
      subscriptionId, flowId: subject.flowId, requestKey: typeof requestKey === 'string' ? requestKey.slice(0, 200) : null,
      question: { channel: 'api', keyId, text: message, ...(data === undefined ? {} : { data }), history: [], conversationId: conversationId ?? null, visitor: visitor ? { ...visitor } : null },
    }));
    await exchange.reply.code(202).header('location', `/v1/runs/${runId}`).send({ object: 'run', id: runId, status: 'queued' });
  }

  const nowSeconds = (process: Process) => Math.floor(process.now().getTime() / 1000);
  const simple = (message: string): Turns => ({ text: message, images: [], files: [], history: [] });

  return {
    /** `POST /v1/chat/completions` */
    async complete(process: Process, { body }: Input<Endpoints['complete']>, exchange: HttpExchange): Promise<void> {
      const { answering, leave, options } = await startCompletion(process, exchange, body);
      try {
        if (body.stream === true) {
          await streamAnswer(answering, exchange, options);
          return;
        }
        const receipt = await collect(answering);
        await exchange.reply.send({
          id: `chatcmpl-${answering.runId}`, object: 'chat.completion', created: options.created, model: options.model,
          choices: [{ index: 0, message: { role: 'assistant', content: receipt.text }, finish_reason: 'stop' }],
          usage: usageMember(receipt), ...receiptMembers(answering, receipt),
        });
      } finally {
        leave();
      }
    },

    /** One completion request that came over a WebSocket: its chunks. Yields an error chunk for what is refused. */
    async *overSocket(process: Process, body: Completion, request: FastifyRequest): AsyncGenerator<string> {
      let leave = (): void => undefined;
      try {
        const started = await startCompletion(process, { request }, body);
        ({ leave } = started);
        yield* answerEvents(started.answering, await started.answering.pieces.next(), started.options, (error) => failure(error, request));
      } catch (error) {
        yield JSON.stringify({ error: failure(error, request) });
      } finally {
        leave();
      }
    },

    async listModels(process: Process): Promise<Output<Endpoints['listModels']>> {
      const { actor } = process;
      if (actor.kind !== 'key') throw new Problem(kernel.unauthenticated);
      const subject = await subjects.forSubscription(process.tenant, actor.subscriptionId);
      return { object: 'list', data: [{ id: actor.subscriptionId, object: 'model', created: nowSeconds(process), owned_by: subject.name }] };
    },

    /** `POST /v1/runs` */
    async run(process: Process, { body }: Input<Endpoints['run']>, exchange: HttpExchange): Promise<void> {
      const { actor } = process;
      if (body.instance_id && actor.kind === 'key' && body.instance_id !== actor.subscriptionId) throw new Problem(kernel['not-found']);
      const message = typeof body.input === 'string' ? body.input : body.input.query ?? body.input.message ?? '';
      const data = typeof body.input === 'string' ? undefined : body.input;
      if (body.mode === 'async' || /\brespond-async\b/.test(String(exchange.request.headers.prefer ?? ''))) {
        await queue(process, exchange, { message, data, conversationId: body.conversation_id, visitor: body.visitor });
        return;
      }
      const { answering, leave } = await byKey(process, exchange, () => ({ turns: simple(message), channel: 'api', conversationId: body.conversation_id, visitor: body.visitor }));
      try {
        const receipt = await collect(answering);
        await exchange.reply.send({ object: 'run', status: 'succeeded', output: receipt.text, usage: usageMember(receipt), ...receiptMembers(answering, receipt) });
      } finally {
        leave();
      }
    },

    /** `POST /v1/agents/{id}/chat`, `/api/v1/runtime/chat` and `/stream` */
    async chat(process: Process, { body }: Input<Endpoints['runtimeChat']>, exchange: HttpExchange): Promise<void> {
      const { answering, leave, subject } = await byKey(process, exchange, () => ({ turns: simple(body.message), channel: 'api', conversationId: body.conversation_id, visitor: body.visitor }));
      try {
        if (body.stream) {
          await streamAnswer(answering, exchange, { model: subject.name, created: nowSeconds(process), includeUsage: false });
          return;
        }
        const receipt = await collect(answering);
        await exchange.reply.send({ response: receipt.text, ...receiptMembers(answering, receipt) });
      } finally {
        leave();
      }
    },

    /** The run page. */
    async runPage(process: Process, { params, body }: Input<(typeof consoleChatEndpoints)['run']>, exchange: HttpExchange): Promise<void> {
      const subject = await subjects.forSubscription(process.tenant, params.subscriptionId);
      await admit(subject, [{ name: `subscription:${params.subscriptionId}`, perMinute: subject.entitlements.apiCallsPerMinute }]);
      if (!subject.entitlements.features.chat) throw new Problem(runtimeProblems['not-allowed-by-plan'], 'This product does not chat.');
      const { answering, leave } = await start(process, subject, null, { turns: { ...simple(body.message), ...sorted(body.files) }, channel: 'console', conversationId: body.conversation_id });
      try {
        await streamAnswer(answering, exchange, { model: subject.name, created: nowSeconds(process), includeUsage: false });
      } finally {
        leave();
      }
    },
  };
}
