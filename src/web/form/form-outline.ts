import { isHidden, type FormNode, type ObjectNode } from './form-model.ts';
import type { Path } from './form-values.ts';

/** One block of a form: a heading and the fields under it. */
export interface Section {
  id: string;
  title: string;
  description: string;
  /** Where its fields live. */
  path: Path;
  nodes: readonly FormNode[];
  /** The object whose `enabled` switch belongs in the heading, and its own lock; null for loose fields. */
  object: ObjectNode | null;
}

/** Sections that belong together, under one name; the name is empty for the sections of the root itself. */
export interface SectionGroup { title: string; description: string; sections: readonly Section[] }

const isObject = (node: FormNode): node is ObjectNode => node.kind === 'object';

const sectionOf = (node: ObjectNode, parent: Path): Section => ({
  id: [...parent, node.name].join('.'), title: node.title, description: node.description, path: [...parent, node.name], nodes: node.children, object: node,
});

/** Loose fields gathered by their hint's `section`; those without one form a first section called `title`. */
const looseSections = (nodes: readonly FormNode[], path: Path, title: string): Section[] => {
  const names = [...new Set(nodes.map((node) => node.hint.section ?? ''))];
  return names.map((name) => ({
    id: [...path, `section-${name || 'general'}`].join('.'),
    title: name || title, description: '', path, object: null,
    nodes: nodes.filter((node) => (node.hint.section ?? '') === name),
  }));
};

/** Objects that mainly hold other objects are headings, not sections. */
const isGroup = (node: FormNode): node is ObjectNode => isObject(node) && !node.switchable && node.children.filter(isObject).length >= 2;

const editable = (node: FormNode) => !isHidden(node);

/** Cuts a form into groups and sections that can be read, in the schema's order: loose fields first. */
export const outline = (root: ObjectNode): readonly SectionGroup[] => {
  const nodes = root.children.filter(editable);
  const loose = nodes.filter((node) => !isObject(node));
  const objects = nodes.filter(isObject);
  const plain = objects.filter((node) => !isGroup(node));
  const first: SectionGroup = {
    title: '', description: '',
    sections: [...looseSections(loose, [], plain.length + loose.length === loose.length ? '' : 'General'), ...plain.map((node) => sectionOf(node, []))],
  };
  const groups = objects.filter(isGroup).map((node): SectionGroup => {
    const own = node.children.filter((child) => editable(child) && !isObject(child));
    return {
      title: node.title, description: node.description,
      sections: [...looseSections(own, [node.name], 'General'), ...node.children.filter(editable).filter(isObject).map((child) => sectionOf(child, [node.name]))],
    };
  });
  return [first, ...groups].filter((group) => group.sections.length > 0);
};
