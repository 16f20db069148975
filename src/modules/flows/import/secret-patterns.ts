/** What credentials look like when they stand inside other text. Every pattern is linear: bounded repeats, no nesting. */

interface SecretPattern {
  title: string;
  pattern: RegExp;
}

/** Where a token may begin: not in the middle of a longer word. */
const START = String.raw`(?<![A-Za-z0-9_-])`;
const token = (title: string, body: string): SecretPattern => ({ title, pattern: new RegExp(`${START}(?:${body})`, 'g') });

const PATTERNS: readonly SecretPattern[] = [
  token('Anthropic API key', 'sk-ant-[A-Za-z0-9_-]{10,200}'),
  token('API key (sk-)', 'sk-[A-Za-z0-9_-]{16,300}'),
  token('Stripe key', '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,200}|whsec_[A-Za-z0-9+/=]{16,200}'),
  token('AWS access key', '(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])'),
  token('GitHub token', 'gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}'),
  token('GitLab token', 'glpat-[A-Za-z0-9_-]{16,100}'),
  token('Slack token', 'xox[abeoprs]-[A-Za-z0-9-]{10,250}|xapp-[A-Za-z0-9-]{10,250}'),
  token('Slack webhook', String.raw`https://hooks\.slack\.com/services/[A-Za-z0-9/]{20,100}`),
  token('Google API key', 'AIza[A-Za-z0-9_-]{30,60}'),
  token('Astra DB token', 'AstraCS:[A-Za-z0-9:]{20,200}'),
  token('Tavily key', 'tvly-[A-Za-z0-9_-]{12,100}'),
  token('Hugging Face token', 'hf_[A-Za-z0-9]{20,100}'),
  token('Groq key', 'gsk_[A-Za-z0-9]{20,100}'),
  token('xAI key', 'xai-[A-Za-z0-9]{20,200}'),
  token('Pinecone key', 'pcsk_[A-Za-z0-9_]{20,200}'),
  token('npm token', 'npm_[A-Za-z0-9]{30,60}'),
  token('JSON web token', String.raw`eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,1000}`),
  { title: 'Private key', pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g },
];

/** Patterns of which only a part is the secret: `kept` prefix, then the secret, then an optional rest. */
const PARTIAL: readonly SecretPattern[] = [
  { title: 'Bearer token', pattern: /(\bBearer\s{1,4})([A-Za-z0-9._~+/-]{16,4000}=*)/gi },
  { title: 'Basic credentials', pattern: /(\bBasic\s{1,4})([A-Za-z0-9+/]{16,1000}={0,2})(?![A-Za-z0-9+/])/g },
  { title: 'Password in an address', pattern: /(:\/\/)([^\s/:@"'<>{}[\]]{1,100}:[^\s/@"'<>{}[\]]{1,200})(?=@)/g },
  { title: 'Key in an address', pattern: /([?&](?:api[_-]?key|access[_-]?token|auth[_-]?token|token|apikey|secret|password)=)([A-Za-z0-9._~%+/-]{8,500})/gi },
];

/** Every pattern needs one of these; texts without any (nearly all) are not searched further. */
const HINT = /sk-|sk_|rk_|whsec_|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|xapp-|hooks\.slack|AIza|AstraCS|tvly-|hf_|gsk_|xai-|pcsk_|npm_|eyJ|PRIVATE KEY|bearer|basic|:\/\/[^\s/]{1,300}@|[?&][a-z_-]{3,12}=/i;

/** Examples in documentation, not credentials: `postgresql://user:pass@host`, `Bearer YOUR_API_KEY_HERE`. */
const EXAMPLE = /^(?:user(?:name)?:(?:pass(?:word)?|pwd)|postgres:postgres|your|my|example|placeholder|x{6,}|\*{4,})/i;

export const REMOVED = '[removed]';

/** The text without credentials, and the title of each kind that was found. */
export function removeSecrets(text: string): { text: string; found: string[] } {
  if (text.length < 8 || !HINT.test(text)) return { text, found: [] };
  const found = new Set<string>();
  let clean = text;
  for (const { title, pattern } of PATTERNS) {
    clean = clean.replace(pattern, () => {
      found.add(title);
      return REMOVED;
    });
  }
  for (const { title, pattern } of PARTIAL) {
    clean = clean.replace(pattern, (whole: string, kept: string, secret: string) => {
      if (EXAMPLE.test(secret) || looksLikeVariableName(secret)) return whole;
      found.add(title);
      return kept + REMOVED;
    });
  }
  return { text: clean, found: [...found] };
}

/** `OPENAI_API_KEY`, `slack.bot_token`: the name of a credential kept elsewhere, not the credential. */
export const looksLikeVariableName = (text: string): boolean =>
  /^[A-Z][A-Z0-9]{0,60}(?:_[A-Z0-9]{1,40}){1,12}$/.test(text) || (/^[a-z][\w-]{0,80}\.[a-z_]{1,80}$/.test(text) && namesSecret(text));

/** `<YOUR KEY>`, `{api_key}`, `$TOKEN`, `Bearer ${TOKEN}`, `ntn_****`: a gap to fill in. */
export const looksLikePlaceholder = (text: string): boolean =>
  /^(?:(?:bearer|basic|token|apikey)\s{1,4})?(?:[<{$%[]|your[-_ ]|\*+$|x{4,}$)|\*{3,}|\.{3}$|…$/i.test(text.trim());

/** Names of headers and settings whose value is a credential. */
export const namesSecret = (name: string): boolean =>
  /(?:^|[-_.])(?:api[-_]?key|apikey|access[-_]?key|secret[-_]?key|private[-_]?key|access[-_]?token|auth[-_]?token|bearer[-_]?token|application[-_]?token|token|secret|client[-_]?secret|password|passwd|authorization)$/i.test(name);
