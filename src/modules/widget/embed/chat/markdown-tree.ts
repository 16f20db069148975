/**
 * Markdown as a small closed tree. There is no node for raw HTML, images or attributes other than a checked link
 * target, so nothing a model, a document or a seller writes can become markup. CommonMark in spirit; where it is
 * ambiguous, what chat models usually mean wins (a single line break is a line break).
 */
export type MdNode =
  | { kind: 'text'; text: string }
  | { kind: 'element'; tag: MdTag; children: MdNode[]; start?: number }
  | { kind: 'code-block'; language: string; text: string }
  | { kind: 'link'; href: string; children: MdNode[] }
  | { kind: 'citation'; number: number };

export type MdTag =
  | 'p' | 'h4' | 'ul' | 'ol' | 'li' | 'blockquote' | 'hr' | 'br'
  | 'strong' | 'em' | 'del' | 'code'
  | 'table' | 'tr' | 'th' | 'td';

export type MarkdownOptions = {
  /** The text still grows: an opened mark without its end counts as closed at the end, so words do not jump later. */
  streaming?: boolean;
  /** `[1]` becomes a citation node up to this number; 0: it stays text. */
  citations?: number;
};
