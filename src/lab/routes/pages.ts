import { bytes, json, problem, text } from '../http/answer.ts';
import type { Handler, Route } from '../http/handler.ts';
import { drawPicture } from './picture.ts';

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>A page of the lab</title>
<h1>A page of the lab</h1>
<p>It has a picture, which is a request of its own:</p>
<img src="/image.png" width="96" height="96" alt="Two colours flowing into each other">
<p>한국어도 있습니다. <a href="/">What else there is</a></p>
</html>
`;

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"
  role="img" aria-label="There and back">
  <path d="M8 14h96m-10-8 10 8-10 8" fill="none" stroke="#0a7ea4" stroke-width="3"/>
  <path d="M112 28H16m10-8-10 8 10 8" fill="none" stroke="#7c4dce" stroke-width="3"/>
</svg>
`;

/** No script, no frame, and pictures from here only. */
export const pageFields = [
  ['Content-Security-Policy',
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"],
] as const;

const sample = 'Roundtrip: there and back again.\n';
const charsets: Readonly<Record<string, string>> = {
  'utf-8': `${sample}왕복: 갔다가 돌아옵니다. 똠방각하 펲시콜라 ☺\n`,
  // With a byte order mark, little endian.
  'utf-16': `${sample}왕복: 갔다가 돌아옵니다. ☺\n`,
  'utf-16le': `${sample}왕복: 갔다가 돌아옵니다. ☺\n`,
  'utf-16be': `${sample}왕복: 갔다가 돌아옵니다. ☺\n`,
  // What the web calls euc-kr is Windows code page 949, which has these syllables.
  'euc-kr': `${sample}왕복: 갔다가 돌아옵니다. 똠방각하 펲시콜라\n`,
  'cp949': `${sample}왕복: 갔다가 돌아옵니다. 똠방각하 펲시콜라\n`,
  'shift_jis': `${sample}往復: 行って、帰る。\n`,
  'euc-jp': `${sample}往復: 行って、帰る。\n`,
  'gb18030': `${sample}往返: 去了又回来。\n`,
  'big5': `${sample}往返: 去了又回來。\n`,
  'iso-8859-1': `${sample}Aller et retour: café, garçon, señor.\n`,
  'latin1': `${sample}Aller et retour: café, garçon, señor.\n`,
  'windows-1252': `${sample}Aller et retour: “café” – 5 €.\n`,
};

/** RFC 9110 §8.3.2: a charset is a token; none at all is `?as=none`. */
function typeCalled(label: string): string | undefined {
  if (label === 'none') return 'text/plain';
  return /^[\w!#$%&'*+.^`|~-]{1,40}$/.test(label) ? `text/plain; charset=${label}` : undefined;
}

/** In the charset that the path names, and called so, or by another name that the query gives: then it is a lie. */
const inCharset: Handler = async ({ parameters, head }) => {
  const charset = (parameters.charset ?? '').toLowerCase();
  const content = Object.hasOwn(charsets, charset) ? charsets[charset] : undefined;
  if (content === undefined) {
    return problem(404, `The charsets are: ${Object.keys(charsets).join(', ')}.`);
  }
  const type = typeCalled(head.query.get('as') ?? charset);
  if (type === undefined) return problem(400, 'as is the name of a charset, or none.');
  // Its tables are large, and the lab is to be there quickly.
  const { default: iconv } = await import('iconv-lite');
  return bytes(200, type, iconv.encode(content, charset));
};

const person = {
  name: 'Ada', city: '서울', languages: ['en', 'ko'], born: 1815, active: true, partner: null,
};

export const pageRoutes: readonly Route[] = [
  {
    pattern: 'GET /json', name: 'pages/json', isPublic: true, example: '/json',
    handler: () => json(200, person),
    summary: { en: 'A JSON document.', ko: 'JSON 문서입니다.' },
  },
  {
    pattern: 'GET /html', name: 'pages/html', isPublic: true, example: '/html',
    handler: () => text(200, 'text/html', page, pageFields),
    summary: { en: 'An HTML page with a picture.', ko: '그림이 하나 있는 HTML 페이지입니다.' },
  },
  {
    pattern: 'GET /svg', name: 'pages/svg', isPublic: true, example: '/svg',
    handler: () => text(200, 'image/svg+xml', drawing, pageFields),
    summary: { en: 'An SVG drawing.', ko: 'SVG 그림입니다.' },
  },
  {
    pattern: 'GET /image.png', name: 'pages/image', isPublic: true, example: '/image.png',
    handler: () => bytes(200, 'image/png', drawPicture(96)),
    summary: { en: 'A PNG picture.', ko: 'PNG 그림입니다.' },
  },
  {
    pattern: 'GET /text/{charset}', name: 'pages/text', isPublic: true, example: '/text/euc-kr',
    handler: inCharset,
    summary: {
      en: `Text in a charset: ${Object.keys(charsets).join(', ')}; ?as= calls it by another name, or none.`,
      ko: `문자 집합별 텍스트입니다: ${Object.keys(charsets).join(', ')}. ?as=로 다른 이름(또는 none)을 붙입니다.`,
    },
  },
  {
    pattern: 'GET /early-hints', name: 'pages/early-hints', isPublic: true, example: '/early-hints',
    handler: (request) => {
      request.sendEarlyHints([['Link', '</image.png>; rel=preload; as=image']]);
      return text(200, 'text/html', page, pageFields);
    },
    summary: { en: '103 Early Hints before the response.', ko: '응답 전에 103 Early Hints를 보냅니다.' },
  },
  {
    pattern: 'GET /trailers', name: 'pages/trailers', isPublic: true, example: '/trailers',
    handler: () => ({
      statusCode: 200, headers: [['Content-Type', 'text/plain']], body: lines(),
      trailers: [['X-Lines', '3']],
    }),
    summary: { en: 'A trailer field after the body.', ko: '본문 뒤에 트레일러 필드가 있습니다.' },
  },
];

async function* lines(): AsyncGenerator<Buffer> {
  for (const line of ['one', 'two', 'three']) yield Buffer.from(`${line}\n`);
}
