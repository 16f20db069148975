/**
 * Makes `target`'s children equal to `source`'s with the fewest changes: text that grew is appended to its text
 * node, elements of the same kind stay. A streamed answer therefore neither flickers nor loses the visitor's selection.
 */
export function morph(target: Node, source: Node): void {
  let old = target.firstChild;
  let fresh = source.firstChild;
  while (fresh !== null) {
    const nextFresh: ChildNode | null = fresh.nextSibling;
    if (old === null) {
      target.appendChild(fresh);
    } else {
      const nextOld: ChildNode | null = old.nextSibling;
      if (!updated(old, fresh)) target.replaceChild(fresh, old);
      old = nextOld;
    }
    fresh = nextFresh;
  }
  while (old !== null) {
    const next: ChildNode | null = old.nextSibling;
    old.remove();
    old = next;
  }
}

function updated(old: Node, fresh: Node): boolean {
  if (old instanceof Text && fresh instanceof Text) {
    if (fresh.data.startsWith(old.data)) {
      if (fresh.data.length > old.data.length) old.appendData(fresh.data.slice(old.data.length));
    } else {
      old.data = fresh.data;
    }
    return true;
  }
  if (!(old instanceof Element) || !(fresh instanceof Element) || !sameElement(old, fresh)) return false;
  morph(old, fresh);
  return true;
}

function sameElement(a: Element, b: Element): boolean {
  if (a.localName !== b.localName || a.attributes.length !== b.attributes.length) return false;
  return Array.from(b.attributes).every((attribute) => a.getAttribute(attribute.name) === attribute.value);
}
