import type { Guide } from './index.ts';

type Topic = Guide['topics'][number];

const words = {
  title: { en: 'The Roundtrip lab', ko: 'Roundtrip 랩' },
  intro: {
    en: 'A small Internet in a box: name servers, certificates, web servers and what stands in front of them, '
      + 'on this machine only.',
    ko: '상자 속의 작은 인터넷입니다. 네임 서버와 인증서, 웹 서버와 그 앞에 서는 서버들이 이 컴퓨터 안에만 있습니다.',
  },
  json: { en: 'As JSON: Accept: application/json.', ko: 'JSON으로 받으려면 Accept: application/json을 보내십시오.' },
  topics: { en: 'Topics', ko: '주제' },
  samples: { en: 'Shown in', ko: '샘플' },
  servers: { en: 'Servers', ko: '서버' },
  names: { en: 'Names', ko: '이름' },
  routes: { en: 'Routes', ko: '경로' },
} as const;

const style = `:root{color-scheme:light dark;--line:#8883;--soft:#5d6773;--link:#0a6f91;--mark:#7c4dce}
@media(prefers-color-scheme:dark){:root{--soft:#a3adb8;--link:#5cc2e6;--mark:#b79bf0}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,sans-serif;max-width:68rem;margin:0 auto;padding:2rem 1.25rem 4rem;
word-break:keep-all;overflow-wrap:anywhere}
header{display:flex;gap:1.25rem;align-items:center}
header svg{flex:none}
h1{font-size:1.75rem;line-height:1.2;margin:0}
header p{margin:.35rem 0 0;color:var(--soft)}
nav ol{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;margin:1.5rem 0 0;padding:0}
nav a{display:block;padding:.2rem .75rem;border:1px solid var(--line);border-radius:1rem;text-decoration:none}
nav a:hover,nav a:focus-visible{border-color:var(--link)}
a{color:var(--link)}
section{margin-top:2.25rem;padding-top:1.5rem;border-top:1px solid var(--line);scroll-margin-top:1rem}
h2{font-size:1.25rem;line-height:1.3;margin:0}
section>p{max-width:46rem;margin:.35rem 0 0}
.samples{color:var(--soft)}
.samples code{margin-inline-start:.75rem;color:var(--mark)}
h3{font-size:.8125rem;font-weight:600;color:var(--soft);margin:1.25rem 0 .25rem}
dl{display:grid;grid-template-columns:minmax(15rem,max-content) 1fr;margin:0}
dt,dd{margin:0;padding:.2rem 0;border-bottom:1px solid var(--line)}
dt{grid-column:1;max-width:25rem;padding-inline-end:1.5rem}
dd{grid-column:2}
code{font:.8125rem/1.5 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
dd>code,dd>a{display:inline-block;min-width:15rem;padding-inline-end:1rem}
@media(max-width:44rem){dl{display:block}dt{border:0;padding-bottom:0;max-width:none}dd{padding-top:0}dd>code,dd>a{display:block}
header svg{display:none}}`;

const drawing = `<svg width="72" height="48" viewBox="0 0 72 48" aria-hidden="true">
<path d="M4 17h60m-9-8 9 8-9 8" fill="none" stroke="#0a7ea4" stroke-width="4"/>
<path d="M68 33H8m9-8-9 8 9 8" fill="none" stroke="#7c4dce" stroke-width="4"/></svg>`;

/** The front page as HTML, without any script. Links lead to the other servers by the name `host` of this one. */
export function frontPage({ language, topics }: Guide, host: string): string {
  const word = (id: keyof typeof words): string => words[id][language];
  const links = topics.map(({ id, title }) => `<li><a href="#${id}">${escape(title)}</a>`);
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${word('title')}</title>
<link rel="icon" href="/svg">
<style>${style}</style>
<header>${drawing}<div><h1>${word('title')}</h1>
<p>${word('intro')} ${word('json')}</p></div></header>
<nav aria-label="${word('topics')}"><ol>${links.join('')}</ol></nav>
<main>
${topics.map((topic) => section(topic, word, host)).join('\n')}
</main>
</html>
`;
}

function section(topic: Topic, word: (id: keyof typeof words) => string, host: string): string {
  const { id, title, sentence, samples, servers, names, routes } = topic;
  const parts = [
    list(word('servers'), servers.map(({ id: place, origin, summary }) =>
      [`<code>${nameOf(place)}</code>`, `${originLink(origin, id, host)}${escape(summary)}`])),
    list(word('names'), names.map(({ name, summary }) => [`<code>${escape(name)}</code>`, escape(summary)])),
    list(word('routes'), routes.map((route) => [link(route), escape(route.summary)])),
  ];
  const shown = samples.map((sample) => `<code>${escape(sample)}</code>`).join('');
  return `<section id="${id}"><h2>${escape(title)}</h2>
<p>${escape(sentence)}</p>
<p class="samples">${word('samples')}${shown}</p>
${parts.join('')}</section>`;
}

/** A browser knows no lab.test. Nobody goes to a proxy to look at it. */
function originLink(origin: string, topic: string, host: string): string {
  const code = `<code>${escape(origin)}</code>`;
  if (topic === 'proxies' || !/^https?:/.test(origin)) return code;
  return `<a href="${escape(origin.replace('lab.test', host))}/">${code}</a>`;
}

/** As it is written in a request file, which has no origin for DNS, and finds most name servers by itself. */
function nameOf(place: Topic['servers'][number]['id']): string {
  if (place.endsWith('Dns')) return place;
  return `{{$lab.${place === 'dns' ? 'dnsPort' : place}}}`;
}

function list(title: string, items: readonly (readonly string[])[]): string {
  if (items.length === 0) return '';
  return `<h3>${title}</h3><dl>${items.map(([term, text]) => `<dt>${term}<dd>${text}`).join('\n')}</dl>\n`;
}

/** A route that has an example leads there. */
function link({ pattern, example, handler }: Topic['routes'][number]): string {
  const code = `<code title="${escape(handler)}">${escape(pattern)}</code>`;
  return example === undefined ? code : `<a href="${escape(example)}">${code}</a>`;
}

function escape(content: string): string {
  return content.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
