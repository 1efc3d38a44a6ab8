import { parseTree } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { bareName } from '../../httpFile/names/percent.ts';
import { referencesIn } from '../../httpFile/names/variables.ts';
import { sharedNames } from './json.ts';

/** A piece of a text and what takes its place. */
interface TextPiece {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/**
 * The edits that give a variable another name in all environments of a JSON text: its keys, and `{{name}}` in values.
 * Comments and the rest stay as they are. Undefined when the text is not JSON, an environment has the new name, or the
 * name stands for more than one value.
 *
 * @param member of the text's object, the one that holds the environments; absent when it is the object itself.
 */
export function environmentRename(
  text: string, name: string, newName: string, member?: string,
): readonly TextPiece[] | undefined {
  const errors: ParseError[] = [];
  const root = treeOf(text, errors);
  const holder = member === undefined ? root : membersOf(root).findLast(({ key }) => key.value === member)?.value;
  if (!holder || errors.length > 0) return undefined;
  const pieces: TextPiece[] = [];
  for (const { key: environment, value: section } of membersOf(holder)) {
    const title = environment.value as string;
    if (section.type !== 'object' || (title.startsWith('$') && !sharedNames.has(title))) continue;
    for (const { key, value } of membersOf(section)) {
      const isNested = value.type === 'object' || value.type === 'array';
      if (key.value === newName || (key.value === name && isNested)) return undefined;
      if (key.value === name) pieces.push({ offset: key.offset, length: key.length, text: JSON.stringify(newName) });
      usesIn(text, value, name, newName, pieces);
    }
  }
  return pieces;
}

function treeOf(text: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { allowTrailingComma: true });
  } catch {
    // Too many levels for a parser that calls itself.
    return undefined;
  }
}

function membersOf(object: Node | undefined): { key: Node; value: Node }[] {
  if (object?.type !== 'object') return [];
  return (object.children ?? []).flatMap(({ children }) => {
    const [key, value] = children ?? [];
    return key && value ? [{ key, value }] : [];
  });
}

/** The names in the strings of a value, in which braces are written as they are. */
function usesIn(text: string, node: Node, name: string, newName: string, pieces: TextPiece[]): void {
  for (const child of node.children ?? []) usesIn(text, child, name, newName, pieces);
  if (node.type !== 'string') return;
  const written = text.slice(node.offset, node.offset + node.length);
  for (const reference of referencesIn(written)) {
    if (bareName(reference.name) !== name) continue;
    const within = written.slice(reference.offset, reference.offset + reference.length).lastIndexOf(name);
    const inJson = JSON.stringify(newName).slice(1, -1);
    pieces.push({ offset: node.offset + reference.offset + within, length: name.length, text: inJson });
  }
}
