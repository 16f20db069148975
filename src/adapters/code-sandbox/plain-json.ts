const DEPTH_MAX = 200;

/**
 * Parses JSON of a process that is not trusted. Throws SyntaxError, also for nesting that later, recursive work could not
 * stand. `__proto__` is left out: copied carelessly it would change what the copy inherits.
 */
export function parsePlainJson(text: string): unknown {
  if (depthOf(text) > DEPTH_MAX) throw new SyntaxError(`nested more than ${DEPTH_MAX} levels deep`);
  // A key can also be written with escapes.
  return /__proto__|\\u/.test(text) ? JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value)) : JSON.parse(text);
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 0x5c) i++;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth--;
  }
  return deepest;
}
