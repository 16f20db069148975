/** `persona_name`, `Persona Name`, `personaName` → `persona_name`; always a valid parameter name. */
export function parameterName(text: string): string {
  const slug = text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60);
  if (slug === '') return 'value';
  return /^[a-z]/.test(slug) ? slug : `value_${slug}`;
}

/** `persona_name` → `Persona name`. Titles that already read well stay as they are. */
export function titleOf(text: string): string {
  const words = text.replace(/[_-]+/g, ' ').replace(/\s+/g, ' ').trim();
  return words === '' ? 'Value' : words.charAt(0).toUpperCase() + words.slice(1);
}

/** The first of `name`, `name_2`, `name_3`, … that is not taken yet; takes it. */
export function unique(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let count = 2; taken.has(candidate); count += 1) candidate = `${name}_${count}`;
  taken.add(candidate);
  return candidate;
}
