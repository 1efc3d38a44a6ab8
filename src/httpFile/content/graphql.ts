/** What a document is sent with besides its own text. */
interface EnvelopeOptions {
  readonly operationName?: string;
  /** Fragments of the same file: those that the document uses and does not define are added to it. */
  readonly fragments?: ReadonlyMap<string, string>;
}

/** A GraphQL document as the JSON that servers take (GraphQL over HTTP §5.4); undefined for broken variables. */
export function graphqlEnvelope(
  text: string, { operationName, fragments = new Map() }: EnvelopeOptions = {},
): string | undefined {
  const document = isGqlDocument(text) ? text.replace(/^(\s{0,200})gql(?=\s)/m, '$1query') : text;
  const { query: written, variables } = splitVariables(document);
  const query = withFragments(written, fragments);
  const named = operationName === undefined ? {} : { operationName };
  if (variables === undefined) return JSON.stringify({ query, ...named });
  try {
    return JSON.stringify({ query, ...named, variables: JSON.parse(variables) as unknown });
  } catch {
    return undefined;
  }
}

/** Whether a text starts as a document does that is no JSON (GraphQL §2.2). */
export function isGraphqlDocument(text: string): boolean {
  return /^(?:query|mutation|subscription|fragment)(?![\w"':])/.test(withoutComments(text));
}

/** Whether a text starts as httpYac's `gql Name($id: ID) {…}`, which can be nothing else. */
export function isGqlDocument(text: string): boolean {
  return gqlStart.test(withoutComments(text));
}

const gqlStart = /^gql(?=\s{0,20}(?:\w{1,80}\s{0,20})?[({])/;

/** The text from its first line on that is neither blank nor a comment. */
function withoutComments(text: string): string {
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++;
    if (text[at] !== '#') return text.slice(at, at + 100);
    at = endOfComment(text, at);
  }
}

/** The length of a definition up to its closing brace; undefined when it is not closed. */
export function endOfBraces(text: string): number | undefined {
  return topLevelGroups(text, 1)[0]?.end;
}

/** Fragment definitions by their names. */
export function fragmentsFor(texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(texts.flatMap((text): [string, string][] => {
    const name = /^fragment\s{1,20}(\w{1,200})/.exec(text)?.[1];
    return name === undefined ? [] : [[name, text]];
  }));
}

/** Adds the fragments that are used and not defined, those that they use themselves too. */
function withFragments(query: string, fragments: ReadonlyMap<string, string>): string {
  if (fragments.size === 0) return query;
  let text = query;
  const defined = new Set(Array.from(query.matchAll(/\bfragment\s{1,20}(\w{1,200})/g), ([, name]) => name!));
  const wanted = spreadsIn(query);
  for (const name of wanted) {
    const found = fragments.get(name);
    if (found === undefined || defined.has(name)) continue;
    defined.add(name);
    text += `\n${found}`;
    // A set hands out what is added while it is gone through.
    for (const more of spreadsIn(found)) wanted.add(more);
  }
  return text;
}

function spreadsIn(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(/\.\.\.\s{0,20}(?!on\b)([A-Za-z_]\w{0,200})/g), ([, name]) => name!));
}

/** C26: the variables are a last top-level `{…}` with nothing but white space between it and the one before. */
function splitVariables(text: string): { query: string; variables?: string } {
  const groups = topLevelGroups(text);
  const last = groups.at(-1);
  const before = groups.at(-2);
  const alone = last && before && text.slice(before.end, last.start).trim() === ''
    && text.slice(last.end).trim() === '';
  if (!alone) return { query: text.trim() };
  return { query: text.slice(0, last.start).trim(), variables: text.slice(last.start, last.end) };
}

interface Group {
  readonly start: number;
  readonly end: number;
}

/** The outermost braces, strings and comments skipped. */
function topLevelGroups(text: string, most = Infinity): Group[] {
  const groups: Group[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length && groups.length < most; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === '#') at = endOfComment(text, at);
    else if (character === '{' && depth++ === 0) start = at;
    else if (character === '}' && depth > 0 && --depth === 0) groups.push({ start, end: at + 1 });
  }
  return groups;
}

/** Offset of the quote that closes a string or a block string. */
function endOfString(text: string, open: number): number {
  if (text.startsWith('"""', open)) {
    const close = text.indexOf('"""', open + 3);
    return close < 0 ? text.length : close + 2;
  }
  let at = open + 1;
  while (at < text.length && text[at] !== '"' && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function endOfComment(text: string, open: number): number {
  const end = text.indexOf('\n', open);
  return end < 0 ? text.length : end;
}
