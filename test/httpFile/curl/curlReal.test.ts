import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from '../../../src/httpFile/parse.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import type { BodyPart, FieldLine } from '../../../src/trace/request.ts';
import { debianOrSkip } from '../../support/debian.ts';

/** A request as it stands on the wire; what every client adds by itself is left out. */
interface Sent {
  readonly start: string;
  readonly headers: readonly string[];
  readonly body: string;
}

/** What a shell makes of a command. */
async function run(command: string, directory = '.'): Promise<void> {
  const child = spawn('bash', ['-c', command], { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  const message = text(child.stderr);
  const [code] = await once(child, 'close') as [number];
  if (code !== 0) throw new Error(`exit code ${code}: ${await message}`);
}

/** Keeps the bytes of each connection, and answers when a request is whole. */
function startServer(received: Buffer[]): Server {
  return createServer((socket: Socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = bytes.toString('latin1', 0, end);
      const size = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (bytes.length < end + 4 + size) {
        if (/expect: 100/i.test(head)) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
        return;
      }
      received.push(bytes);
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
}

function onTheWire(bytes: Buffer): Sent {
  const end = bytes.indexOf('\r\n\r\n');
  const [start = '', ...lines] = bytes.toString('utf8', 0, end).split('\r\n');
  return described(start.replace(/ HTTP\/1\.[01]$/, ''), lines, bytes.subarray(end + 4));
}

/** Boundaries differ from one program to the next, and mean the same. */
function described(start: string, lines: readonly string[], body: Buffer): Sent {
  const added = /^(?:host|content-length|expect|user-agent: curl|accept: \*\/\*|accept-encoding: deflate)/i;
  const boundary = /boundary=([\w-]+)/.exec(lines.join('\n'))?.[1] ?? '\0';
  const plain = (line: string) => line.replaceAll(boundary, 'BOUNDARY');
  const headers = lines.filter((line) => !added.test(line)).map((line) =>
    plain(line.replace(/^([^:]+): */, (_, name: string) => `${name.toLowerCase()}: `).trimEnd()));
  return { start, headers: headers.sort(), body: plain(body.toString('latin1')) };
}

async function prepared(command: string, directory: string): Promise<Sent> {
  const file = parse(command);
  const piped = command.includes(' | ') ? ['curl-option-ignored'] : [];
  const told = file.problems.map(({ code }) => code).filter((code) => code !== 'curl-output-ignored');
  assert.deepEqual(told, piped);
  const result = await prepare(file.requests[0]!, {
    file, directory, uri: 'file:///case.http', options: {}, trusted: true, newId: () => '1',
  });
  assert.ok(result.ok, JSON.stringify(result.problems));
  const { method, url, headers, body = [] } = result.spec;
  const { pathname, search } = new URL(url);
  const lines = headers.map(([name, value]: FieldLine) => `${name}: ${value}`);
  return described(`${method} ${pathname}${search}`, lines, await bytesOf(body));
}

async function bytesOf(parts: readonly BodyPart[]): Promise<Buffer> {
  const all = parts.map((part) => part.kind === 'bytes' ? part.bytes : readFile(part.path));
  return Buffer.concat(await Promise.all(all));
}

/** `URL` is where the server listens. */
const commands: readonly string[] = [
  'curl URL/',
  'curl URL',
  "curl 'URL/a?b=1&c=2#d'",
  'curl -X DELETE URL/a',
  'curl -XPUT URL/a -d x',
  'curl -I URL/a',
  'curl --head --request GET URL/a',
  'curl -sSLk URL/a',
  'curl URL/a -H "A: 1" -H \'B:2\' -H "C;" -H "D:" -H "A: 3"',
  'curl URL/a -H A:\\ \\"x\\"',
  'curl URL/a -d a=1 -d b=2',
  'curl URL/a -d "a=1" -d "" -d c',
  'curl URL/a --data-raw @a.txt',
  'curl URL/a -d @a.txt',
  'curl URL/a --data-ascii @a.txt',
  'curl URL/a --data-binary @a.txt',
  'curl URL/a --data-binary @a.txt -H "Content-Type: text/plain"',
  'curl URL/a --data-binary @bytes.bin -H "Content-Type:"',
  'curl URL/a --data "x" --data @a.txt --data-binary @bytes.bin',
  'curl URL/a --data-urlencode "a=b c&d=é" --data-urlencode =x=y --data-urlencode "z/ü" --data-urlencode a+b=+',
  'curl URL/a --data-urlencode n@a.txt --data-urlencode @bytes.bin',
  'curl URL/a -G -d a=1 -d b=2',
  "curl 'URL/a?x=1' -G -d a=1",
  "curl 'URL/a?' --get --data-urlencode 'q=a b&c'",
  'curl URL/a -G -d a=1 -X POST',
  'curl -G URL/a -I -d a=1',
  `curl URL/a --json '{"a":"b"}'`,
  `curl URL/a --json '{"a":1}' --json '{"b":2}' -H 'Accept: x/y'`,
  `curl URL/a --json @a.txt -H 'Content-Type: application/x+json'`,
  'curl URL/a -F a=b -F "c=d e" -F "f= g"',
  'curl URL/a -F a=@a.txt -F b=@bytes.bin',
  `curl URL/a -F 'a=@a.txt;type=x/y;filename="q \\"r\\".txt"'`,
  'curl URL/a -F "a=@a.txt;type=text/html;charset=utf-8"',
  `curl URL/a -F 'j={"a":1};type=application/json'`,
  `curl URL/a -F 'j="a;b"'`,
  'curl URL/a -F "f=<a.txt" -F \'n"q=1\'',
  'curl URL/a --form-string "a=@b;type=c"',
  'curl URL/a -u me:pw',
  'curl URL/a -u "me: p:w "',
  'curl URL/a --user "ü:ß" -H "X: 1"',
  'curl URL/a -u a:b -H "Authorization: Own c"',
  'curl http://me:pw@HOST/a',
  'curl URL/a -b a=1 -b "b=2; c=3"',
  'curl URL/a --cookie a=1 -H "Cookie: b=2"',
  'curl URL/a -A "my agent" -e http://from.test/',
  'curl URL/a --referer "http://from.test/;auto" -H "User-Agent: typed" -A other',
  'curl URL/a -r 0-9',
  'curl URL/a --oauth2-bearer abc',
  'curl -T a.txt URL/up/',
  'curl --upload-file a.txt URL/up/b.txt',
  'curl --url URL/a --max-time 5 --connect-timeout 2.5 -o /dev/null -w "%{http_code}"',
  'curl -o /dev/null -s -S -v -i --compressed URL/a',
  'curl URL/a --http1.0',
  'curl URL/a --http1.1 -0',
  'curl URL/a --retry 0 --no-keepalive --no-progress-meter',
  `curl URL/a -d 'it'\\''s' -d "a\\"b\\\\c\\d"`,
  `curl URL/a -d $'a\\'b\\tc\\x41\\u00e9\\xc3\\xa9\\101'`,
  "curl URL/a \\\n  -H 'A: 1' \\\n  -d '{\n  \"a\": 1\n}'",
  'curl -H"A: 1" -dx=1 URL/a',
  'curl URL/a -d "a\\\nb"',
  'curl URL/a -d a"b"c\'d\'\\e',
  'curl URL/a --data-binary ""',
  'curl URL/a -A one -A two -d x --request PATCH -H "content-type: a/b"',
  'curl URL/a | cat > /dev/null',
  'curl URL/a --head --user-a me -H "A: 1" --fail # a comment',
  'curl URL/a -- ',
];

describe('curl commands, beside what curl sends', () => {
  const received: Buffer[] = [];
  let server: Server;
  let directory: string;
  let host: string;

  before(async function () {
    debianOrSkip(this, 'curl', 'curl');
    directory = await mkdtemp(join(tmpdir(), 'roundtrip-curl-'));
    await writeFile(join(directory, 'a.txt'), 'one\r\ntwo & =\n\n');
    await writeFile(join(directory, 'bytes.bin'), Uint8Array.from({ length: 256 }, (_, byte) => byte));
    server = startServer(received);
    await once(server, 'listening');
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(async () => {
    server?.close();
    if (directory) await rm(directory, { recursive: true });
  });

  for (const written of commands) {
    it(JSON.stringify(written).slice(1, -1), async () => {
      const command = written.replaceAll('URL', `http://${host}`).replaceAll('HOST', host);
      received.length = 0;
      await run(command.replace(/^curl/, 'curl --silent --noproxy "*" --max-time 5'), directory);
      assert.equal(received.length, 1);
      assert.deepEqual(await prepared(command, directory), onTheWire(received[0]!));
    });
  }
});
