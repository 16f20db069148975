import type { CheerioAPI } from 'cheerio';

type Root = ReturnType<CheerioAPI['root']>[number];

/** A node of a parsed page, named through cheerio so that its parser stays its own business. */
export type DomNode = Root | Root['children'][number];

/** An element other than `script` and `style`, whose text is never content. */
export type DomElement = Extract<DomNode, { attribs: unknown }>;

export const isElement = (node: DomNode): node is DomElement => 'attribs' in node && node.type !== 'script' && node.type !== 'style';
export const isText = (node: DomNode): node is Extract<DomNode, { data: string }> => 'data' in node && node.nodeType === 3;
