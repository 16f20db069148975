import type { Input, Output } from '#platform/contract/endpoint.ts';
import { Problem } from '#platform/http/problem.ts';
import type { Subjects } from '#modules/runtime/index.ts';
import type { KeyDirectory } from './api-keys/key-directory.ts';
import type { runtimeAuthEndpoint } from './contract.ts';

/** Tells a runtime outside whether a key is good, and the configuration it stands for. A bad key is `valid: false`, never an error. */
export async function runtimeAuth(keys: KeyDirectory, subjects: Subjects, { body }: Input<typeof runtimeAuthEndpoint>): Promise<Output<typeof runtimeAuthEndpoint>> {
  try {
    const key = await keys.find(body.api_key);
    const subject = await subjects.forSubscription(key.tenant, key.subscriptionId);
    keys.noteUse(key.keyId);
    const { persona, conversation, branding, behavior, guardrails, rag, output, parameters } = subject.configuration;
    return { valid: true, config_uuid: key.subscriptionId, config: { persona, conversation, branding, behavior, guardrails, rag, output, parameters } };
  } catch (error) {
    if (error instanceof Problem) return { valid: false, config_uuid: null, config: null };
    throw error;
  }
}
