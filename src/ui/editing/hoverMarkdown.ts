import { formatSize } from '../../explain/format.ts';
import { explainStatusCode, reasonPhrases } from '../../explain/statusCodes.ts';
import { hoverTexts } from '../../explain/text/hover.ts';
import type { Language } from '../../explain/text/language.ts';
import { problemTexts } from '../../explain/text/problem.ts';
import { say } from '../../explain/text/text.ts';
import { explainTopic } from '../../explain/topics.ts';
import type { Address, HoverContent } from '../../httpFile/editing/hover.ts';
import { shortened } from '../../httpFile/editing/inlayHints.ts';
import type { Definition, Fault, NameOrigin } from '../../httpFile/names/origin.ts';
import { assertNever } from '../../trace/assertNever.ts';
import { codeSpan, escapeMarkdown } from './markdownText.ts';

/** What had to be looked up for a hover. */
export interface HoverFacts {
  /** Of a response reference: its value now. */
  readonly response?: { readonly value: string | Fault; readonly secret: boolean; readonly time: string };
  /** Of a request: its last response. */
  readonly sent?: { readonly statusCode: number; readonly time: string };
  /** Of a path: what is there. */
  readonly file?: { readonly path: string; readonly kind: 'file' | 'folder' | 'missing'; readonly size: number };
  /** A path as people write it: relative to the workspace where it is inside. */
  shortPath(uriOrPath: string): string;
}

/** So many characters of a value are shown. */
const longestValue = 300;

/** A hover as Markdown in which everything that is not ours is code. Undefined when there is nothing to say. */
export function hoverMarkdown(content: HoverContent, facts: HoverFacts, language: Language): string | undefined {
  const text = (id: keyof typeof hoverTexts, places: Readonly<Record<string, string>> = {}): string =>
    say(hoverTexts, language, id, places);
  switch (content.kind) {
    case 'topic': return topicText(content, language);
    case 'metadata': {
      const sentence = explainTopic('metadata', content.key, language);
      const note = content.effective ? undefined : explainTopic('metadata', 'no-effect', language);
      return sentence && paragraphs(`${codeSpan(`@${content.key}`)}: ${sentence}`, note);
    }
    case 'status': {
      const phrase = reasonPhrases[content.statusCode] ?? '';
      const status = `${content.statusCode} ${escapeMarkdown(phrase)}`.trim();
      return `**${status}**: ${explainStatusCode(content.statusCode, language)}`;
    }
    case 'prompt': return paragraphs(codeSpan(content.name), text('prompt'));
    case 'dynamic': {
      const sentence = explainTopic('dynamic', content.topic.id, language);
      const { definition } = content;
      const value = definition && (definition.origin.kind === 'dynamic' && typeof definition.value === 'string'
        ? text('example', { value: valueText(definition, language) })
        : `${codeSpan(content.expression)} = ${valueText(definition, language)}`);
      return paragraphs(sentence && `${codeSpan(content.topic.id)}: ${sentence}`, value);
    }
    case 'variable': return variableText(content, facts, language);
    case 'response': return responseText(content, facts, language);
    case 'needed': return neededText(content, facts, language);
    case 'url': return addressText(content.method, content.address, language);
    case 'path': return pathText(content.use === 'output', facts, language);
    default: return assertNever(content);
  }
}

function paragraphs(...parts: readonly (string | undefined)[]): string | undefined {
  const written = parts.filter((part) => part !== undefined && part !== '');
  return written.length > 0 ? written.join('\n\n') : undefined;
}

/** Problem texts are plain: what they quote must not become markup. */
function reason({ code, places }: Fault, language: Language): string {
  return escapeMarkdown(say(problemTexts, language, code, places));
}

function topicText(
  { topic, written }: Extract<HoverContent, { kind: 'topic' }>, language: Language,
): string | undefined {
  const sentence = explainTopic(topic.area, topic.id, language)
    ?? (topic.area === 'method' ? explainTopic('method', 'custom', language) : undefined);
  return sentence && `${codeSpan(written)}: ${sentence}`;
}

// --- names -------------------------------------------------------------------------------------------

function variableText(
  { name, encoded, definitions }: Extract<HoverContent, { kind: 'variable' }>, facts: HoverFacts, language: Language,
): string | undefined {
  const text = (id: keyof typeof hoverTexts, places: Readonly<Record<string, string>> = {}): string =>
    say(hoverTexts, language, id, places);
  const [first, ...shadowed] = definitions;
  if (!first) return text('undefined', { name: codeSpan(name) });
  const hidden = shadowed.length > 0
    ? [text('shadows'), ...shadowed.map((one) =>
      `- ${valueText(one, language)}, ${originText(one.origin, facts, language)}`)].join('\n')
    : undefined;
  return paragraphs(
    `${codeSpan(name)} = ${valueText(first, language)}`, originText(first.origin, facts, language),
    encoded ? text('percent-encoded') : undefined, hidden,
  );
}

function valueText({ value, secret }: Definition, language: Language): string {
  if (typeof value !== 'string') {
    return value.code === 'lab-not-running' ? `*${say(hoverTexts, language, 'lab-later')}*`
      : say(hoverTexts, language, 'no-value', { reason: reason(value, language) });
  }
  return secret ? `*${say(hoverTexts, language, 'secret')}*` : codeSpan(shortened(value, longestValue));
}

/** Where a value comes from, in a few words; names and paths in it are code. */
export function originText(origin: NameOrigin, facts: Pick<HoverFacts, 'shortPath'>, language: Language): string {
  const text = (id: keyof typeof hoverTexts, places: Readonly<Record<string, string>> = {}): string =>
    say(hoverTexts, language, id, places);
  switch (origin.kind) {
    case 'file': {
      const line = `${origin.variable.range.start.line + 1}`;
      return origin.uri === undefined
        ? text('origin-here', { line }) : text('origin-import', { file: codeSpan(facts.shortPath(origin.uri)), line });
    }
    case 'environment': {
      const { layer, environment, source, line } = origin;
      const file = facts.shortPath(source);
      const place = codeSpan(line === undefined ? file : text('place-line', { file, line: `${line}` }));
      return text(`origin-${layer}`, { environment: codeSpan(environment), place });
    }
    case 'response': return text('origin-response', { request: codeSpan(origin.request) });
    case 'argument': case 'prompt': case 'process': case 'dynamic': case 'lab': return text(`origin-${origin.kind}`);
    default: return assertNever(origin);
  }
}

function responseText(
  { reference, request }: Extract<HoverContent, { kind: 'response' }>, { response }: HoverFacts, language: Language,
): string {
  const name = codeSpan(request ?? reference.request);
  if (request === undefined) return say(hoverTexts, language, 'response-unknown', { request: name });
  if (!response) return say(hoverTexts, language, 'response-not-sent', { request: name });
  if (typeof response.value !== 'string') {
    return say(hoverTexts, language, 'no-value', { reason: reason(response.value, language) });
  }
  const value = response.secret
    ? `*${say(hoverTexts, language, 'secret')}*` : codeSpan(shortened(response.value, longestValue));
  return `${say(hoverTexts, language, 'response-value', { time: escapeMarkdown(response.time) })}\n\n${value}`;
}

function neededText(
  { written, name, always, place }: Extract<HoverContent, { kind: 'needed' }>, { sent }: HoverFacts, language: Language,
): string | undefined {
  const text = (id: keyof typeof hoverTexts, places: Readonly<Record<string, string>> = {}): string =>
    say(hoverTexts, language, id, places);
  if (name === undefined) return text('response-unknown', { request: codeSpan(written) });
  return paragraphs(
    text(always ? 'needed-always' : 'needed', { request: codeSpan(name) }),
    place
      ? text('needed-place', { request: codeSpan(shortened(`${place.method} ${place.url}`)), line: `${place.line}` })
      : text('needed-imported'),
    sent ? text('needed-sent', { status: `${sent.statusCode}`, time: escapeMarkdown(sent.time) })
      : text('needed-not-sent'),
  );
}

// --- addresses and files -----------------------------------------------------------------------------

function addressText(method: string, address: Address, language: Language): string | undefined {
  const text = (id: keyof typeof hoverTexts, places: Readonly<Record<string, string>> = {}): string =>
    say(hoverTexts, language, id, places);
  const { url, origin, fragment, undefinedNames } = address;
  if (typeof url !== 'string' && url.code === 'lab-not-running') return `${text('url-sent')} *${text('lab-later')}*`;
  if (typeof url !== 'string') {
    return undefinedNames.length > 0
      ? text('url-undefined', { names: undefinedNames.map((name) => codeSpan(name)).join(', ') })
      : text('no-value', { reason: reason(url, language) });
  }
  const notes = [
    origin === undefined ? undefined : text('url-origin', { origin: codeSpan(origin) }),
    address.schemeAdded ? text('url-scheme-added') : undefined,
    address.fromHost ? text('url-from-host') : undefined,
    address.encoded ? text('url-encoded') : undefined,
    address.credentials ? text('url-credentials') : undefined,
    fragment === undefined ? undefined : text('url-fragment', { fragment: codeSpan(fragment) }),
  ].filter((note) => note !== undefined);
  return paragraphs(
    text('url-sent'), codeSpan(`${method} ${shortened(url, 2000)}`), notes.map((note) => `- ${note}`).join('\n'),
  );
}

function pathText(isOutput: boolean, { file }: HoverFacts, language: Language): string | undefined {
  if (!file) return undefined;
  const path = codeSpan(file.path);
  if (file.kind === 'folder') return say(hoverTexts, language, 'path-folder', { path });
  if (file.kind === 'file') {
    return say(hoverTexts, language, 'path-file', { path, size: formatSize(file.size, language) });
  }
  return say(hoverTexts, language, isOutput ? 'path-new' : 'path-missing', { path });
}
