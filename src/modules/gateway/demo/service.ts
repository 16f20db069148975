import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { Input } from '#platform/contract/endpoint.ts';
import type { Platform, Process } from '#platform/context.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import type { Vault } from '#platform/crypto/seal.ts';
import { Problem } from '#platform/http/problem.ts';
import type { HttpExchange } from '#platform/http/serve.ts';
import { activeVersion } from '#modules/catalog/index.ts';
import type { Runtime, Subject, Subjects } from '#modules/runtime/index.ts';
import type { Admission } from '../admission.ts';
import { streamAnswer } from '../chat/chat-answer.ts';
import { turnsOf } from '../chat/chat-request.ts';
import type { consoleChatEndpoints, previewEndpoint } from '../contract.ts';
import { dailyUsesLeft, takeDailyUse } from '../daily-uses.ts';
import { problems } from '../problems.ts';
import { demoUses } from '../tables.ts';

/** Messages one visitor may send to a product's demo in a day. */
export const DEMO_MESSAGES = 5;
/** The same for everybody behind one network address, so that clearing cookies does not make a demo free for ever. */
const NETWORK_MESSAGES = 25;
const COOKIE = 'cmp_demo';
const MESSAGES_PER_MINUTE = 20;

export interface DemoParts { platform: Platform; runtime: Runtime; subjects: Subjects; admission: Admission; vault: Vault; secureCookies: boolean }

/** Trying a product before buying it, and a draft before submitting it. Nothing said is kept; only how often. */
export function demoService({ platform, runtime, subjects, admission, vault, secureCookies }: DemoParts) {
  /** Who asks, as two keyed hashes: the visitor's cookie and the network. A visitor without a cookie gets one. */
  function identify({ request, reply }: HttpExchange): { visitor: string; network: string } {
    let token = /(?:^|;\s*)cmp_demo=([\w-]{36})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1];
    if (!token) {
      token = uuidv7();
      reply.header('set-cookie', `${COOKIE}=${token}; Path=/api/v1/marketplace; Max-Age=2592000; HttpOnly; SameSite=Lax${secureCookies ? '; Secure' : ''}`);
    }
    return { visitor: vault.sign('demo-visitor', token), network: vault.sign('demo-network', networkOf(request.ip)) };
  }

  const today = (process: Process) => process.now().toISOString().slice(0, 10);

  /** Takes one message from visitor and network, or neither. Returns how many the visitor has left. */
  async function take(process: Process, productId: string, who: { visitor: string; network: string }): Promise<number> {
    return process.asOperator('count demo messages', async (ctx) => {
      const count = async (name: string, max: number): Promise<number> => {
        const left = await takeDailyUse(ctx, { productId, who: name, max });
        if (left === null) throw new Problem(problems['demo-used-up'], 'You have used the demo messages of today. Subscribe to go on.', { extra: { remaining: 0 } });
        return left;
      };
      const remaining = await count(who.visitor, DEMO_MESSAGES);
      await count(who.network, NETWORK_MESSAGES);
      return remaining;
    });
  }

  /** A demo that failed was not used. */
  async function giveBack(process: Process, productId: string, who: { visitor: string; network: string }): Promise<void> {
    await process.asOperator('count demo messages', async ({ tx }) => {
      await tx.update(demoUses).set({ messages: sql`greatest(${demoUses.messages} - 1, 0)` })
        .where(and(eq(demoUses.productId, productId), eq(demoUses.day, today(process)), inArray(demoUses.who, [who.visitor, who.network])));
    });
  }

  const ask = async (process: Process, subject: Subject, channel: string, messages: { role: 'user' | 'assistant'; content: string }[]) => {
    const { text, images, history } = turnsOf(messages, false);
    return runtime.answer({
      subject, channel, keyId: null, text, images, history, conversation: null, visitor: null, generation: { temperature: null, outputTokensMax: null }, signal: process.signal,
    });
  };

  return {
    async ask(process: Process, { params, body }: Input<(typeof consoleChatEndpoints)['demo']>, exchange: HttpExchange): Promise<void> {
      admission.take([{ name: `demo:${exchange.request.ip}`, perMinute: MESSAGES_PER_MINUTE }]);
      const subject = await subjects.forDemo(params.productId);
      if (!subject.entitlements.features.chat) throw new Problem(problems['demo-unavailable']);
      const who = identify(exchange);
      const remaining = await take(process, params.productId, who);
      try {
        const answering = await ask(process, subject, 'demo', body.messages);
        await streamAnswer(answering, exchange, { model: subject.name, created: Math.floor(process.now().getTime() / 1000), includeUsage: false, extra: () => ({ demo: { remaining } }) });
      } catch (error) {
        await giveBack(process, params.productId, who);
        throw error;
      }
    },

    async state(process: Process, { params }: Input<(typeof consoleChatEndpoints)['demoState']>, exchange: HttpExchange): Promise<void> {
      const version = await process.asPublic(async (ctx) => activeVersion(ctx, params.productId));
      const subject = version.availability === 'available' ? await subjects.forDemo(params.productId) : null;
      if (!subject?.entitlements.features.chat) throw new Problem(problems['demo-unavailable']);
      const { visitor } = identify(exchange);
      const remaining = await process.asOperator('count demo messages', async (ctx) => dailyUsesLeft(ctx, { productId: params.productId, who: visitor, max: DEMO_MESSAGES }));
      const { conversation } = subject.configuration;
      await exchange.reply.send({
        allowed: DEMO_MESSAGES, remaining, credits_per_message: version.creditsPerMessage,
        welcome_message: conversation.welcomeMessage || version.listing.welcomeMessage || version.listing.summary,
        suggested_prompts: conversation.suggestedPrompts.length > 0 ? conversation.suggestedPrompts : version.listing.suggestedPrompts,
      });
    },

    /** The seller's own draft, as often as needed. */
    async preview(process: Process, { params, body }: Input<typeof previewEndpoint>, exchange: HttpExchange): Promise<void> {
      admission.take([{ name: `preview:${process.tenant}`, perMinute: MESSAGES_PER_MINUTE }]);
      const subject = await subjects.forPreview(process, params.productId);
      const answering = await ask(process, subject, 'preview', body.messages);
      await streamAnswer(answering, exchange, {
        model: subject.name, created: Math.floor(process.now().getTime() / 1000), includeUsage: false, ...(body.trace ? { always: () => ({ trace: answering.trace() }) } : {}),
      });
    },

    /** Counts of past days are of no use. */
    async sweep(): Promise<void> {
      await platform.database.asOperator('sweep demo counts', async (tx) => {
        await tx.delete(demoUses).where(lt(demoUses.day, sql`current_date - 2`));
      });
    },
  };
}

/** One household or office: the address itself, or its /64 in IPv6, which one person can vary at will. */
function networkOf(ip: string): string {
  const address = z.string().refine((text) => ipaddr.isValid(text)).safeParse(ip);
  if (!address.success) return 'unknown';
  const parsed = ipaddr.process(ip);
  return parsed.kind() === 'ipv6' ? parsed.toNormalizedString().split(':').slice(0, 4).join(':') : parsed.toString();
}
