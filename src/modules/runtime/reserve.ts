import { uuidFrom } from '#platform/crypto/ids.ts';
import { Problem } from '#platform/http/problem.ts';
import { CREDIT, messageQuota, type HoldPart } from '#modules/billing/index.ts';
import type { Question } from './question.ts';
import { problems } from './problems.ts';
import type { Recorder } from './recorder.ts';
import type { Subject } from './subject.ts';

/** What was reserved for a run, and what the organization has left beside it. */
export interface Reserved { parts: readonly HoldPart[]; balance: number }

/** Holds the credits and the quota of one message. A demo or preview holds nothing. */
export async function reserve(recorder: Recorder, { subject, durable }: Pick<Question, 'subject' | 'durable'>, runId: string): Promise<Reserved> {
  const { subscriptionId } = subject;
  if (subscriptionId === null) return { parts: [], balance: 0 };
  const partsOf = (life: number) => unitsOf(subject, subscriptionId).map((part): HoldPart => ({ ...part, id: life === 1 ? uuidFrom('hold', runId, part.unit) : uuidFrom('hold', runId, part.unit, String(life)) }));
  const life = durable?.life ?? 1;
  // What an earlier life reserved is given back, unless the sweep has done so already.
  for (let before = 1; before < life; before++) await recorder.release({ tenant: subject.tenant, subscriptionId, runId, parts: partsOf(before) });
  const parts = partsOf(life);
  const result = await recorder.hold({ tenant: subject.tenant, parts, reason: 'message', reference: runId, subscriptionId });
  if (result.ok) return { parts, balance: Number(result.available.get(CREDIT) ?? 0n) };
  throw cannotPay(subject, result.unit, result.available);
}

/** What a message takes: credits, and one of the messages the plan counts. */
export function unitsOf(subject: Subject, subscriptionId: string): { unit: string; amount: bigint }[] {
  const credits = { unit: CREDIT, amount: BigInt(subject.creditsPerMessage) };
  return subject.countsMessages ? [credits, { unit: messageQuota(subscriptionId), amount: 1n }] : [credits];
}

export function cannotPay(subject: Subject, unit: string, available: bigint): Problem {
  if (unit !== CREDIT) return new Problem(problems['quota-exceeded'], 'The messages included in this period are used up. Choose a larger plan or wait for the next period.');
  return new Problem(problems['insufficient-credits'], `A message costs ${subject.creditsPerMessage} credits; ${available} are left. Top up to continue.`, {
    extra: { balance: Number(available), needed: subject.creditsPerMessage },
  });
}
