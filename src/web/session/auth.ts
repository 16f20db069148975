import { z } from 'zod';
import { ApiProblem, networkProblem } from '#web/api/problem.ts';

const Refusal = z.looseObject({ message: z.string().catch(''), code: z.string().catch('') });

/** What the sign-in service answers when it refuses. */
const messageOf = (body: unknown): { message: string; code: string } => {
  const parsed = Refusal.safeParse(body);
  return parsed.success ? parsed.data : { message: '', code: '' };
};

const WORDS: Readonly<Record<string, string>> = {
  INVALID_EMAIL_OR_PASSWORD: 'E-mail or password is not right',
  USER_ALREADY_EXISTS: 'There already is an account with this e-mail',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'There already is an account with this e-mail',
  PASSWORD_TOO_SHORT: 'Choose a longer password',
  PASSWORD_TOO_LONG: 'Choose a shorter password',
  INVALID_EMAIL: 'Enter an e-mail address such as name@example.com',
};

const post = async (path: string, body: unknown): Promise<void> => {
  let response: Response;
  try {
    response = await fetch(`/api/auth/${path}`, {
      method: 'POST', credentials: 'same-origin', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify(body),
    });
  } catch (error) { throw networkProblem(error); }
  if (response.ok) return;
  const { message, code } = messageOf(await response.json().catch(() => null));
  const busy = response.status === 429 ? 'Too many attempts. Wait a minute, then try again' : '';
  throw new ApiProblem({
    kind: 'problem', status: response.status, code, title: busy || (WORDS[code] ?? (message || 'This did not work. Please try again')),
    requestId: response.headers.get('x-request-id'),
  });
};

/** Signs in with e-mail and password; the session is a cookie. @throws {ApiProblem} */
export const signIn = (email: string, password: string): Promise<void> => post('sign-in/email', { email, password });

/** Creates an account and signs in. @throws {ApiProblem} */
export const signUp = (name: string, email: string, password: string): Promise<void> => post('sign-up/email', { name, email, password });

/** Ends the session. @throws {ApiProblem} */
export const signOut = (): Promise<void> => post('sign-out', {});
