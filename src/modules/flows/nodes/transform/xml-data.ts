import { NodeError } from '../node-error.ts';

const DEPTH_MAX = 100;
const ELEMENTS_MAX = 200_000;

/** What is read of cheerio's tree; its own types name every kind of node. */
interface XmlNode { type: string; name?: string; data?: string; attribs?: Record<string, string>; children?: readonly XmlNode[] }

/**
 * XML as plain data: an element is an object of its attributes (`@name`) and children, repeated children are a list, an
 * element with text alone is that text, and text beside other things is `#text`. Entities of a document's own are not
 * expanded and nothing is fetched. Throws NodeError for text without an element and past the limits.
 */
export async function xmlData(xml: string): Promise<unknown> {
  // Loaded on first use: most runs read no XML.
  const { load } = await import('cheerio');
  const root: XmlNode = load(xml, { xml: true }).root()[0] ?? { type: 'root' };
  const elements = (root.children ?? []).filter(isElement);
  if (elements.length === 0) throw new NodeError('node-input-invalid', 'The text holds no XML element.');
  const budget = { elements: ELEMENTS_MAX };
  return Object.fromEntries(elements.map((element) => [element.name ?? '', dataOf(element, budget, DEPTH_MAX)]));
}

function dataOf(element: XmlNode, budget: { elements: number }, depth: number): unknown {
  if (--budget.elements < 0) throw new NodeError('node-limit', `XML with more than ${ELEMENTS_MAX} elements is not read.`);
  if (depth === 0) throw new NodeError('node-limit', `XML nested deeper than ${DEPTH_MAX} levels is not read.`);
  const fields = new Map<string, unknown>(Object.entries(element.attribs ?? {}).map(([name, value]) => [`@${name}`, value]));
  for (const [name, children] of Map.groupBy((element.children ?? []).filter(isElement), (child) => child.name ?? '')) {
    if (name === '__proto__') continue;
    const values = children.map((child) => dataOf(child, budget, depth - 1));
    fields.set(name, values.length === 1 ? values[0] : values);
  }
  const text = textOf(element);
  if (fields.size === 0) return text;
  if (text !== '') fields.set('#text', text);
  return Object.fromEntries(fields);
}

const isElement = ({ type }: XmlNode): boolean => type === 'tag' || type === 'script' || type === 'style';

const textOf = (element: XmlNode): string =>
  (element.children ?? []).map((child) => (child.type === 'text' ? child.data ?? '' : child.type === 'cdata' ? textOf(child) : '')).join('').trim();
