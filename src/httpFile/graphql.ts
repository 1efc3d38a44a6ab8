/** A GraphQL document as the JSON that servers take (GraphQL over HTTP §5.4); undefined for broken variables. */
export function graphqlEnvelope(text: string): string | undefined {
  const { query, variables } = splitVariables(text);
  if (variables === undefined) return JSON.stringify({ query });
  try {
    return JSON.stringify({ query, variables: JSON.parse(variables) as unknown });
  } catch {
    return undefined;
  }
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
function topLevelGroups(text: string): Group[] {
  const groups: Group[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
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
