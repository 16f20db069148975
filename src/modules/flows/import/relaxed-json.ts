/**
 * JSON as people write it into configuration files and READMEs: comments, commas before a closing bracket, and the braces around
 * the whole forgotten. Gives the text as strict JSON where these are all its faults; null for a text that is nothing of
 * the kind. One pass; nothing inside quotes is touched.
 */
export function strictJson(text: string): string | null {
  const clean = withoutComments(text).trim();
  if (/^[{[]/.test(clean)) return withoutTrailingCommas(clean);
  return /^"[^"\\\n]{1,200}"\s*:\s*[{[]/.test(clean) ? withoutTrailingCommas(`{${clean}}`) : null;
}

/** Blanks instead of comments, so that positions in error messages stay right. */
function withoutComments(text: string): string {
  const pieces: string[] = [];
  const opening = /"(?:[^"\\\n]|\\.)*"|\/[/*]/g;
  let from = 0;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    if (match[0].startsWith('"')) continue;
    const closing = match[0] === '//' ? text.indexOf('\n', match.index) : text.indexOf('*/', match.index + 2);
    // A comment that never ends is a fault like any other, and is left for the error message.
    if (closing === -1 && match[0] === '/*') break;
    const end = closing === -1 ? text.length : match[0] === '//' ? closing : closing + 2;
    pieces.push(text.slice(from, match.index), text.slice(match.index, end).replace(/[^\n]/g, ' '));
    from = end;
    opening.lastIndex = end;
  }
  pieces.push(text.slice(from));
  return pieces.join('');
}

function withoutTrailingCommas(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (const match of text.matchAll(/"(?:[^"\\\n]|\\.)*"|,(?=[ \t\r\n]{0,10000}[}\]])/g)) {
    if (match[0].startsWith('"') || !endsValue(text, match.index)) continue;
    pieces.push(text.slice(from, match.index), ' ');
    from = match.index + 1;
  }
  pieces.push(text.slice(from));
  return pieces.join('');
}

/** Whether a value ends before this place: `[,]` is a fault, not a habit. */
function endsValue(text: string, offset: number): boolean {
  let at = offset - 1;
  while (at > 0 && /\s/.test(text.charAt(at))) at -= 1;
  return at >= 0 && !'[{,:'.includes(text.charAt(at));
}
