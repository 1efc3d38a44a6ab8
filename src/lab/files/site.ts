import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { drawPicture } from '../routes/picture.ts';

// The files that the lab ships: a small site whose page loads a stylesheet, a script, pictures and data.

const style = `body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
img { vertical-align: middle; margin-right: 1rem }
:root { color-scheme: light dark }
`;

const script = `// What the page could not know when it was written.
const list = document.querySelector('#stations');
const response = await fetch('data/stations.json');
for (const { name, way } of await response.json()) {
  const item = document.createElement('li');
  item.textContent = name + ': ' + way;
  list.append(item);
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

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>A site of files</title>
<link rel="stylesheet" href="${styleName}">
<script type="module" src="script.js"></script>
<h1>A site of files</h1>
<p><img src="pictures/there-and-back.svg" width="120" height="40" alt="There and back">
<img src="pictures/colours.png" width="48" height="48" alt="Two colours flowing into each other"></p>
<p>This page is five requests: itself, a stylesheet, a script and two pictures. The script makes a sixth:</p>
<ul id="stations"></ul>
<p>한국어: 이 페이지는 요청 여섯 개로 이루어집니다. <a href="pictures/">pictures/</a> · <a href="data/long.txt">long.txt</a></p>
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
