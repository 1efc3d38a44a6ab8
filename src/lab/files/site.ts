import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { drawPicture } from '../routes/picture.ts';

// The files that the lab ships: a small site whose page loads a stylesheet, a script, pictures and data.

const style = `:root { color-scheme: light dark; --line: #8883; --page: #0a7ea4; --part: #7c4dce; --late: #c2620a }
@media (prefers-color-scheme: dark) { :root { --page: #3fb5dc; --part: #a98be8; --late: #e79a4b } }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
p { word-break: keep-all }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
img { vertical-align: middle; margin-inline-end: 1rem }
table { width: 100%; border-collapse: collapse; font-size: .875rem }
td { padding: .25rem .75rem .25rem 0; border-top: 1px solid var(--line); white-space: nowrap }
td:last-child { width: 100%; padding-inline-end: 0 }
td i { display: block; min-width: 3px; height: .75rem; border-radius: 2px; background: var(--part) }
tr.page i { background: var(--page) }
tr.late i { background: var(--late) }
td:nth-child(2) { text-align: end; font-variant-numeric: tabular-nums }
`;

const script = `// What the page could not know when it was written.
const list = document.querySelector('#stations');
const response = await fetch('data/stations.json');
for (const { name, way } of await response.json()) {
  const item = document.createElement('li');
  item.textContent = name + ': ' + way;
  list.append(item);
}

// What the browser says of each request, in ms since it began to load the page (W3C Resource Timing).
if (document.readyState !== 'complete') await new Promise((done) => addEventListener('load', done, { once: true }));
const loads = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter(({ responseEnd }) => responseEnd > 0);
const end = Math.max(...loads.map(({ responseEnd }) => responseEnd));
for (const { name, entryType, initiatorType, startTime, responseEnd } of loads) {
  const row = document.querySelector('#loads').insertRow();
  row.className = entryType === 'navigation' ? 'page' : initiatorType === 'fetch' ? 'late' : 'part';
  row.insertCell().textContent = new URL(name).pathname;
  row.insertCell().textContent = (responseEnd - startTime).toFixed(1) + ' ms';
  const bar = row.insertCell().appendChild(document.createElement('i'));
  bar.style.marginInlineStart = 100 * startTime / end + '%';
  bar.style.width = 100 * (responseEnd - startTime) / end + '%';
}
`;

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" viewBox="0 0 120 40">
  <path d="M8 14h96m-10-8 10 8-10 8" fill="none" stroke="#0a7ea4" stroke-width="3"/>
  <path d="M112 28H16m10-8-10 8 10 8" fill="none" stroke="#7c4dce" stroke-width="3"/>
</svg>
`;

const stations = [
  { name: 'Seoul', way: 'DNS' }, { name: 'Daejeon', way: 'TCP' },
  { name: 'Daegu', way: 'TLS' }, { name: 'Busan', way: 'HTTP' },
];

/** With a part of its digest in its name: what is called so never changes. */
const styleName = `style.${createHash('sha256').update(style).digest('hex').slice(0, 8)}.css`;

/** Well-formed, so that XPath finds in it what it names. */
const page = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width"/>
<title>A page and its files</title>
<link rel="stylesheet" href="${styleName}"/>
<link rel="icon" href="pictures/there-and-back.svg"/>
<script type="module" src="script.js"></script>
</head>
<body>
<h1>A page and its files</h1>
<p>This page is six requests: itself, then the stylesheet, the script and two pictures that it names, and last some data
that only the script knows of.</p>
<p lang="ko">이 페이지는 요청 여섯 개로 이루어집니다. 먼저 페이지, 다음으로 페이지에 적힌 스타일시트와 스크립트와 그림 두 개,
마지막으로 스크립트만 아는 데이터입니다.</p>
<p><img src="pictures/there-and-back.svg" width="120" height="40" alt="There and back"/>
<img src="pictures/colours.png" width="48" height="48" alt="Two colours flowing into each other"/></p>
<h2>How it was loaded · <span lang="ko">불러온 순서</span></h2>
<table id="loads"></table>
<h2>What the script fetched · <span lang="ko">스크립트가 가져온 것</span></h2>
<ul id="stations"></ul>
<p><a href="pictures/">pictures/</a> · <a href="data/long.txt">long.txt</a></p>
</body>
</html>
`;

const long = Array.from({ length: 200 }, (_, index) =>
  `${String(index + 1).padStart(3, '0')} there and back again\n`).join('');

const files: Readonly<Record<string, string | (() => Buffer)>> = {
  'index.html': page,
  [styleName]: style,
  'script.js': script,
  'pictures/there-and-back.svg': drawing,
  'pictures/colours.png': () => drawPicture(48),
  'data/stations.json': `${JSON.stringify(stations, null, 2)}\n`,
  'data/long.txt': long,
};

/** When the files were made, so that a client's copies outlive the lab. */
const madeAt = new Date('2026-01-01T00:00:00Z');

/** Writes the files into a directory that only this user can read, gone when the process ends; gives its real path. */
export async function unpackSite(): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'roundtrip-files-')));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof content === 'string' ? content : content());
    await utimes(path, madeAt, madeAt);
  }
  return root;
}
