/** What stands at a dotted path of an answer; undefined where there is nothing. */
export function at(answer: unknown, where: string): unknown {
  let current = answer;
  for (const step of where.split('.')) {
    if (current === null || typeof current !== 'object' || !Object.hasOwn(current, step)) return undefined;
    current = new Map<string, unknown>(Object.entries(current)).get(step);
  }
  return current;
}

/** The list at a dotted path; empty where there is none. */
export function itemsAt(answer: unknown, where: string): unknown[] {
  const found = where === '' ? answer : at(answer, where);
  return Array.isArray(found) ? found : [];
}

/** The text at a dotted path; empty where there is none. */
export function textAt(answer: unknown, where: string): string {
  const found = at(answer, where);
  return typeof found === 'string' ? found : typeof found === 'number' || typeof found === 'boolean' ? String(found) : '';
}
