import { applyEdits, format, parseTree } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';

type JsonNode = Node;

/**
 * A JSON text as a tree that keeps order, duplicates and numbers as written, or where it breaks
 * (RFC 8259).
 */
export type ParsedJson =
  | { readonly ok: true; readonly root: JsonNode; readonly text: string }
  | { readonly ok: false; readonly line: number; readonly column: number };

/** Never throws: a text nested too deeply counts as broken at its start. */
export function parseJson(source: string): ParsedJson {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  const errors: ParseError[] = [];
  try {
    const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
    const first = errors[0];
    if (root && !first) return { ok: true, root, text };
    return { ok: false, ...positionOf(text, first?.offset ?? 0) };
  } catch {
    return { ok: false, line: 1, column: 1 };
  }
}

/** A JSON object or list with line ends and two spaces; numbers and order as written. Undefined for everything else. */
export function prettyJson(source: string): string | undefined {
  if (!/^\s*[[{]/.test(source)) return undefined;
  const parsed = parseJson(source);
  if (!parsed.ok) return undefined;
  return applyEdits(parsed.text, format(parsed.text, undefined, { tabSize: 2, insertSpaces: true, eol: '\n' }));
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** A row of the tree as it is drawn: one line, whatever its depth. */
export interface JsonRow {
  readonly node: JsonNode;
  readonly name?: string;
  readonly index?: number;
  readonly level: number;
  readonly position: number;
  readonly setSize: number;
  readonly expandable: boolean;
  readonly open: boolean;
  /** Stands for children that are not shown yet. */
  readonly rest?: number;
}

/** Children shown before the reader asks for more, and rows in all. */
export const childrenAtOnce = 100;
const mostRows = 5000;

/** The visible rows, from the nodes that are open and the number of children shown of each. */
export function jsonRows(
  root: JsonNode,
  open: ReadonlySet<number>,
  shown: ReadonlyMap<number, number>,
): JsonRow[] {
  const rows: JsonRow[] = [];
  const visit = (
    node: JsonNode,
    level: number,
    position: number,
    setSize: number,
    label: Pick<JsonRow, 'name' | 'index'>,
  ): void => {
    if (rows.length >= mostRows) return;
    const children = node.children ?? [];
    const isOpen = open.has(node.offset) && children.length > 0;
    rows.push({
      node,
      level,
      position,
      setSize,
      ...label,
      expandable: children.length > 0,
      open: isOpen,
    });
    if (!isOpen) return;
    const limit = shown.get(node.offset) ?? childrenAtOnce;
    children.slice(0, limit).forEach((child, index) => {
      const value = node.type === 'object' ? child.children?.[1] : child;
      const own = node.type === 'object' ? { name: String(child.children?.[0]?.value) } : { index };
      if (value) visit(value, level + 1, index + 1, children.length, own);
    });
    if (children.length > limit) {
      rows.push({
        node,
        level: level + 1,
        position: limit + 1,
        setSize: children.length,
        expandable: false,
        open: false,
        rest: children.length - limit,
      });
    }
  };
  visit(root, 1, 1, 1, {});
  return rows;
}

/** The nodes to open at first: the root, and more levels while everything stays on one screen. */
export function firstOpen(root: JsonNode): Set<number> {
  const open = new Set<number>([root.offset]);
  let level = [root];
  let rows = root.children?.length ?? 0;
  while (level.length > 0) {
    const next = level.flatMap(valuesOf).filter((node) => (node.children?.length ?? 0) > 0);
    rows += next.reduce((sum, node) => sum + (node.children?.length ?? 0), 0);
    if (rows > 40) return open;
    for (const node of next) open.add(node.offset);
    level = next;
  }
  return open;
}

function valuesOf(node: JsonNode): JsonNode[] {
  return (node.children ?? []).flatMap((child) =>
    node.type === 'object' ? (child.children?.slice(1, 2) ?? []) : [child],
  );
}
