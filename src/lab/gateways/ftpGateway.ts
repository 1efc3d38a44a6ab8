import { monotonicNow } from '../clock.ts';
import { typeOf } from '../files/mediaTypes.ts';
import { tellWhenOver } from '../forwarding/visit.ts';
import { json, problem, text } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import { preferredType } from '../http/negotiate.ts';
import type { RequestHead } from '../http/requestHead.ts';
import type { FieldLine } from '../messages.ts';
import type { House, Part } from '../parts.ts';
import { FtpRefusal, openFtp, tooLate } from './ftp/client.ts';
import type { FtpClient } from './ftp/client.ts';
import { folderPage } from './ftp/folderPage.ts';
import { readFacts, readLongLines, readTime } from './ftp/listing.ts';
import type { Entry } from './ftp/listing.ts';
import { answerCall, control, gateway, namesIn, readUpload } from './gateway.ts';
import type { Call, Gateway } from './gateway.ts';

/** HTTP in front, FTP behind: GET lists folders and fetches files, PUT stores them. */
export const ftpGateway: Part = gateway({
  id: 'ftpGateway', scheme: 'http', keepsOtherSitesOut: true, create: createFtpGateway,
});

const maxListing = 1_048_576;

function createFtpGateway(house: House, own: string): Gateway {
  return {
    close: () => {},
    attend(call) {
      const { head } = call;
      const names = namesIn(head.path);
      const isAllowed = ['GET', 'HEAD', 'PUT'].includes(head.method);
      const refuse = (...answer: Parameters<typeof problem>): void => answerCall(call, problem(...answer));
      if (!isAllowed) return refuse(405, `${own} lists, fetches and stores.`, [['Allow', 'GET, HEAD, PUT']]);
      if (!names) return refuse(400, 'No name has line ends or other control characters, or is dots.');
      const [user, password] = credentialsIn(head);
      if (control.test(user + password)) return refuse(400, 'Names and passwords have no control characters.');
      void mediate(call, { path: `/${names.join('/')}`, user, password }, house.partPort('ftp') ?? 0);
    },
  };
}

/** As whom HTTP says (RFC 7617), else as anonymous (RFC 1635). */
function credentialsIn(head: RequestHead): [user: string, password: string] {
  const [, encoded] = /^basic +([a-z0-9+/=]+)$/i.exec(head.first('authorization') ?? '') ?? [];
  const [user = '', ...password] = Buffer.from(encoded ?? '', 'base64').toString('utf8').split(':');
  return user === '' ? ['anonymous', 'gateway@lab.test'] : [user, password.join(':')];
}

interface Wish {
  readonly path: string;
  readonly user: string;
  readonly password: string;
}

async function mediate(call: Call, { path, user, password }: Wish, port: number): Promise<void> {
  const { head, request, response, account } = call;
  let client: FtpClient | undefined;
  const gone = new AbortController();
  response.on('close', () => {
    gone.abort();
    client?.close();
    account.close();
  });
  try {
    const content = head.method === 'PUT' ? await readUpload(call, gone.signal) : undefined;
    if (content && 'statusCode' in content) return answerCall(call, content);
    client = await openFtp(port, (event) => account.add(event));
    if (gone.signal.aborted) return client.close();
    await logIn(client, user, password);
    const outcome = content ? await store(client, path, content)
      : path.endsWith('/') ? await listed(client, path, head) : await fetched(client, path, call);
    await client.ask('QUIT').catch(() => {});
    if (typeof outcome !== 'number') return answerCall(call, outcome);
    tellWhenOver(call, () => outcome);
    response.end();
  } catch (error) {
    if (response.headersSent) response.destroy();
    else answerCall(call, refusalOf(error, path));
  } finally {
    client?.close();
    request.resume();
  }
}

async function logIn(client: FtpClient, user: string, password: string): Promise<void> {
  const { code } = await client.ask('USER', user);
  if (code === 331) await client.ask('PASS', password);
  await client.ask('TYPE', 'I');
}

async function store(client: FtpClient, path: string, content: Buffer): Promise<Answer> {
  const isNew = await sizeOf(client, path) === undefined;
  const data = await client.transfer('STOR', path);
  data.on('error', () => {});
  data.end(content).resume();
  await client.ended(content.length);
  if (!isNew) return { statusCode: 204, headers: [], body: Buffer.alloc(0) };
  return json(201, { path, size: content.length }, [['Location', encodeURI(path)]]);
}

async function listed(client: FtpClient, path: string, head: RequestHead): Promise<Answer> {
  await client.ask('CWD', path);
  const entries = await entriesOf(client, path);
  const type = preferredType(head, ['application/json', 'text/html'] as const);
  const vary: FieldLine[] = [['Vary', 'Accept'], ...guards];
  if (type === undefined) return problem(406, 'Listings are there in JSON and HTML.', vary);
  return type === 'text/html' ? text(200, type, folderPage(path, entries), vary) : json(200, { path, entries }, vary);
}

/** RFC 3659 §7 where the server knows it. */
async function entriesOf(client: FtpClient, path: string): Promise<Entry[]> {
  try {
    return readFacts(await textOf(client, 'MLSD', path));
  } catch (error) {
    if (!(error instanceof FtpRefusal) || ![500, 502].includes(error.reply.code)) throw error;
    return readLongLines(await textOf(client, 'LIST', path));
  }
}

async function textOf(client: FtpClient, verb: string, path: string): Promise<string> {
  const data = await client.transfer(verb, path);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of data as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxListing) throw new Error('the listing is too long');
    chunks.push(chunk);
  }
  await client.ended(size);
  return Buffer.concat(chunks).toString('utf8');
}

/** Bytes; undefined when there is no such file, or the server does not say. */
async function sizeOf(client: FtpClient, path: string): Promise<number | undefined> {
  try {
    const { text: reply } = await client.ask('SIZE', path);
    return Number(/^213 (\d{1,15})$/.exec(reply)?.[1]);
  } catch (error) {
    if (error instanceof FtpRefusal) return undefined;
    throw error;
  }
}

/** Passes a file on as it comes, and gives how many bytes passed; an answer instead when it is none. */
async function fetched(client: FtpClient, path: string, { head, response, account }: Call): Promise<Answer | number> {
  const size = await sizeOf(client, path);
  if (size === undefined) {
    await client.ask('CWD', path);
    const location = `${encodeURI(path)}/`;
    return text(301, 'text/plain', `This is a folder: see ${location}\n`, [['Location', location]]);
  }
  const { text: time } = await client.ask('MDTM', path);
  const modifiedAt = readTime(time.slice(4))?.toUTCString();
  const lines: FieldLine[] = [
    ['Content-Type', typeOf(path)], ['Content-Length', String(size)],
    ...(modifiedAt === undefined ? [] : [['Last-Modified', modifiedAt] as const]), ...guards,
  ];
  const begin = (): void => {
    response.writeHead(200, lines.flat());
    account.add({ type: 'response-started', at: monotonicNow(), statusCode: 200 });
  };
  if (head.method === 'HEAD') {
    begin();
    return 0;
  }
  const data = await client.transfer('RETR', path);
  begin();
  let passed = 0;
  for await (const chunk of data as AsyncIterable<Buffer>) {
    passed += chunk.length;
    // What is beyond the announced length would be taken for the next response.
    if (passed > size) throw new Error('the file grew meanwhile');
    if (!response.write(chunk)) await drained(response);
  }
  await client.ended(passed);
  if (passed !== size) throw new Error('the file changed meanwhile');
  return passed;
}

function drained(response: Call['response']): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

/** Whoever stored a page is not who answers for this server: it may do nothing here. */
const guards: readonly FieldLine[] = [['Content-Security-Policy', 'sandbox'], ['X-Content-Type-Options', 'nosniff']];

const statusCodes: Readonly<Record<number, number>> = {
  421: 503, 425: 502, 426: 502, 450: 503, 452: 507, 530: 401, 532: 403, 550: 404, 552: 507, 553: 403,
};

/** What FTP refused with (RFC 959 §4.2), in HTTP's words. */
function refusalOf(error: unknown, path: string): Answer {
  const said = error instanceof Error ? error.message : String(error);
  if (!(error instanceof FtpRefusal)) {
    return problem(said === tooLate ? 504 : 502, `The FTP server could not be asked: ${said}.`);
  }
  const statusCode = statusCodes[error.reply.code] ?? 502;
  // RFC 9110 §15.5.2: whoever is asked who they are hears how to say so; the gateway logs in as whom they say.
  const challenge: FieldLine[] = statusCode === 401 ? [['WWW-Authenticate', 'Basic realm="FTP", charset="UTF-8"']] : [];
  return problem(statusCode, `${path}: the FTP server said ${said}`, challenge);
}
