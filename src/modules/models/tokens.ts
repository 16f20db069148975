/** Loaded on first use: the vocabulary takes a quarter of a second and most installations stream from a provider. */
let tokenizer: Promise<(text: string) => number> | null = null;

async function load(): Promise<(text: string) => number> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // Text that spells a control token is plain text here.
  return (text) => countTokens(text, { disallowedSpecial: new Set() });
}

/** Counts tokens as current OpenAI models do; for other providers an estimate within some ten percent. */
export async function countTokens(text: string): Promise<number> {
  return (await (tokenizer ??= load()))(text);
}
