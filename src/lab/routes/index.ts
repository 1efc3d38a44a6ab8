import { json, text } from '../http/answer.ts';
import type { Handler, Route } from '../http/handler.ts';
import type { RequestHead } from '../http/requestHead.ts';
import { pageFields } from './pages.ts';

const words = {
  title: { en: 'The Roundtrip lab', ko: 'Roundtrip 랩' },
  intro: {
    en: 'The other end of the wire, on this machine only. As JSON: Accept: application/json.',
    ko: '이 컴퓨터에서만 열려 있는 서버 쪽입니다. JSON으로 받으려면 Accept: application/json을 보내십시오.',
  },
  pattern: { en: 'Pattern', ko: '패턴' },
  handler: { en: 'Handler', ko: '핸들러' },
  summary: { en: 'What it does', ko: '하는 일' },
  own: { en: 'This page.', ko: '이 페이지입니다.' },
} as const;

/** The front page: every route, negotiated by Accept and Accept-Language (RFC 9110 §12). */
export function createIndexRoute(others: readonly Route[]): Route {
  const own = {
    pattern: 'GET /{$}', name: 'pages/index', isPublic: true, example: '/', summary: words.own,
  };
  const all: readonly Omit<Route, 'handler'>[] = [own, ...others];
  const handler: Handler = ({ head }) => {
    const language = prefers(head, 'accept-language', /^en\b/i, /^ko\b/i) ? 'ko' : 'en';
    const fields = [['Content-Language', language], ['Vary', 'Accept, Accept-Language']] as const;
    if (prefers(head, 'accept', /^text\/html$/i, /^application\/(\*|json|problem\+json)$/i)) {
      return json(200, { routes: all.map((route) => describe(route, language)) }, fields);
    }
    return text(200, 'text/html', pageOf(all, language), [...fields, ...pageFields]);
  };
  return { ...own, handler };
}

type Described = Omit<Route, 'handler'>;

function describe({ pattern, name, summary, example }: Described, language: 'en' | 'ko') {
  return { pattern, handler: name, summary: summary[language], example };
}

/** Whether the field gives what matches `wanted` more weight than what matches `usual`. */
function prefers(head: RequestHead, field: string, usual: RegExp, wanted: RegExp): boolean {
  const items = head.all(field).flatMap((value) => value.split(',')).map((item) => {
    const [range = '', ...parameters] = item.split(';').map((part) => part.trim());
    const q = parameters.find((parameter) => /^q=/i.test(parameter));
    const weight = q === undefined ? 1 : Number(q.slice(2));
    return { range, weight: Number.isFinite(weight) ? weight : 0 };
  });
  const best = (pattern: RegExp) =>
    Math.max(0, ...items.filter(({ range }) => pattern.test(range)).map(({ weight }) => weight));
  return best(wanted) > best(usual);
}

function pageOf(routes: readonly Described[], language: 'en' | 'ko'): string {
  const rows = routes.map(({ pattern, name, summary, example }) => {
    const code = `<code>${escape(pattern)}</code>`;
    const link = example === undefined ? code : `<a href="${escape(example)}">${code}</a>`;
    return `<tr><td>${link}<td><code>${escape(name)}</code><td>${escape(summary[language])}`;
  });
  const head = [words.pattern, words.handler, words.summary].map((word) => `<th>${word[language]}`);
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<title>${words.title[language]}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color-scheme:light dark}
td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}</style>
<h1>${words.title[language]}</h1>
<p>${words.intro[language]}</p>
<table><thead><tr>${head.join('')}<tbody>
${rows.join('\n')}
</table>
</html>
`;
}

function escape(content: string): string {
  return content.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
