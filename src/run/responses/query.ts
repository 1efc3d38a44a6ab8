import { createContext, Script } from 'node:vm';
import { DOMParser } from '@xmldom/xmldom';
import type { Attr, Document, Element, Node } from '@xmldom/xmldom';
import { JSONPathEnvironment, JSONPathError } from 'json-p3';
import xpath from 'xpath';
import type { FieldLine } from '../../trace/request.ts';
import { decodeText } from '../charset.ts';

/** What a path leads to in a text. */
export type Found =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'none' | 'not-json' | 'not-xml' | 'too-long' }
  | { readonly kind: 'wrong-path'; readonly reason: string };

/** A path may take this long (ms): one that doubles back, or a pattern in it, could take for ever. */
const longest = 2_000;

/** Runs to its end, or to the limit. V8 stops code in a script of its own, whatever it calls. */
function bounded(run: () => Found): Found {
  try {
    return new Script('run()').runInContext(createContext({ run }), { timeout: longest }) as Found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return { kind: 'too-long' };
    return { kind: 'wrong-path', reason: firstLine((error as Error).message) };
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.slice(0, 200);
}

// --- text ------------------------------------------------------------------------------------------

/**
 * The text of a content: by the charset of its `Content-Type`, else by that of its XML declaration
 * (XML 1.0 §4.3.3), else UTF-8. Undefined when it is none.
 */
export function textOf(content: Uint8Array, headers: readonly FieldLine[]): string | undefined {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const head = Buffer.from(content.subarray(0, 200)).toString('latin1');
  const declared = /;\s{0,9}charset\s{0,9}=/i.test(type) || !head.startsWith('<?xml')
    ? undefined : /\sencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["']/.exec(head)?.[1];
  return decodeText(content, declared === undefined ? headers : [['content-type', `text/xml; charset=${declared}`]]);
}

// --- JSON ------------------------------------------------------------------------------------------

const json = new JSONPathEnvironment({ strict: true, maxRecursionDepth: 1000 });

/** The first value that a JSONPath (RFC 9535) selects; `a.b` and `['a']` are read as if `$` stood before. */
export function jsonAt(text: string, path: string): Found {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'not-json' };
  }
  const query = path.startsWith('$') ? path : path.startsWith('[') ? `$${path}` : `$.${path}`;
  return bounded(() => {
    try {
      const node = json.match(query, value as never);
      return node ? { kind: 'value', text: textOfJson(node.value, text, node.location) } : { kind: 'none' };
    } catch (error) {
      if (error instanceof JSONPathError) return { kind: 'wrong-path', reason: firstLine(error.message) };
      throw error;
    }
  });
}

/** Digits that a JavaScript number may not keep. */
const manyDigits = /\d{16}|\d\.\d{15}/;

/** A string as it is, everything else as JSON; numbers with all the digits they were written with. */
function textOfJson(value: unknown, source: string, location: readonly (string | number)[]): string {
  if (typeof value === 'string') return value;
  const written = JSON.stringify(value);
  return manyDigits.test(written) ? exact(source, location) ?? written : written;
}

/** The same value with its numbers as written, where this Node can tell (`JSON.parse` source text access). */
function exact(source: string, location: readonly (string | number)[]): string | undefined {
  const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };
  if (!rawJSON) return undefined;
  const keep = (_: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && context?.source !== undefined ? rawJSON(context.source) : value;
  let value = JSON.parse(source, keep as (key: string, value: unknown) => unknown);
  for (const step of location) value = value[step];
  return JSON.stringify(value);
}

// --- XML -------------------------------------------------------------------------------------------

/**
 * What an XPath 1.0 expression gives: a string, number or truth value as text; of nodes the first, an element by its
 * text or, with elements in it, by its content as XML. Prefixes are those the document declares. Entities of a
 * document type are neither expanded nor fetched.
 */
export function xmlAt(text: string, path: string): Found {
  return bounded(() => {
    const document = xmlFrom(text);
    if (!document) return { kind: 'not-xml' };
    const select = xpath.useNamespaces(prefixesIn(document));
    const result = select(path, document as never) as unknown;
    if (!Array.isArray(result)) return { kind: 'value', text: String(result) };
    const [first] = result as Node[];
    return first ? { kind: 'value', text: textOfNode(first) } : { kind: 'none' };
  });
}

function xmlFrom(text: string): Document | undefined {
  const onError = (level: string, message: string): void => {
    if (level !== 'warning') throw new SyntaxError(message);
  };
  try {
    return new DOMParser({ onError }).parseFromString(text, 'application/xml');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return undefined;
  }
}

/** Of a prefix declared twice the outermost declaration counts. */
function prefixesIn(document: Document): Record<string, string> {
  const prefixes: Record<string, string> = {};
  for (let node: Node | null = document.documentElement; node; node = following(node, document)) {
    const attributes = (node as Element).attributes;
    for (let at = 0; at < (attributes?.length ?? 0); at++) {
      const { prefix, localName, value } = attributes.item(at) as Attr;
      if (prefix === 'xmlns' && localName !== null) prefixes[localName] ??= value;
    }
  }
  return prefixes;
}

/** The next node in document order. */
function following(node: Node, root: Node): Node | null {
  if (node.firstChild) return node.firstChild;
  let from: Node | null = node;
  while (from && from !== root && !from.nextSibling) from = from.parentNode;
  return from && from !== root ? from.nextSibling : null;
}

const elementNode = 1;

function textOfNode(node: Node): string {
  const children: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  const hasElements = children.some(({ nodeType }) => nodeType === elementNode);
  if (hasElements) return children.map(String).join('');
  return node.nodeType === elementNode ? node.textContent ?? '' : node.nodeValue ?? node.textContent ?? '';
}
