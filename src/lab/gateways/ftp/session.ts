import { finished } from 'node:stream/promises';
import type { Socket } from 'node:net';
import type { House } from '../../parts.ts';
import { isPassword } from '../../shop/accounts.ts';
import { openDataPort } from './dataPort.ts';
import type { DataPort } from './dataPort.ts';
import { factLine, longLine, timeValue } from './listing.ts';
import { absolutePath, limits } from './tree.ts';
import type { StoreOutcome, Tree, TreeFile, TreeFolder } from './tree.ts';

/** One client of the FTP server, from its greeting to its QUIT. */
export interface Session {
  readonly tree: Tree;
  readonly control: Socket;
  readonly admit: House['admit'];
  /** Sends a reply that is not the last one to its command, such as 150. */
  readonly say: (reply: string) => void;
  user: string | undefined;
  isIn: boolean;
  isMember: boolean;
  failures: number;
  folder: string;
  isText: boolean;
  data: DataPort | undefined;
  /** Of the transfer that goes on. */
  transfer: DataPort | undefined;
  /** RFC 2428 §4: the client promised to use nothing but EPSV. */
  isExtendedOnly: boolean;
}

type Command = (session: Session, argument: string) => string | Promise<string>;

/** What may be said before login; everything else waits for it. */
export const openToAll: ReadonlySet<string> = new Set(['USER', 'PASS', 'QUIT', 'FEAT', 'SYST', 'NOOP', 'OPTS', 'HELP']);

const noSuch = '550 There is no such file or folder.';

/** RFC 959 §4.1, RFC 2428 (EPSV), RFC 2640 (UTF-8) and RFC 3659 (MDTM, SIZE, MLSD). */
const commands: Readonly<Record<string, Command>> = {
  USER(session, name) {
    session.user = name;
    session.isIn = false;
    return isAnonymous(name) ? '331 Anonymous it is; any password will do.' : '331 Your password, please.';
  },
  PASS(session, password) {
    const { user } = session;
    if (user === undefined) return '503 Say who you are first, with USER.';
    session.isMember = !isAnonymous(user) && isPassword(user, password);
    session.isIn = session.isMember || isAnonymous(user);
    if (!session.isIn) session.failures += 1;
    if (session.failures >= 3) return '421 That was the third time.';
    return session.isIn ? '230 You are logged in.' : '530 That is not the password.';
  },
  QUIT: () => '221 Goodbye.',
  NOOP: () => '200 Nothing done.',
  SYST: () => '215 UNIX Type: L8',
  HELP: () => `214 ${Object.keys(commands).join(' ')}`,
  FEAT: () =>
    ['211-Features:', ' EPSV', ' MDTM', ' MLST type*;size*;modify*;', ' SIZE', ' UTF8', '211 End'].join('\r\n'),
  OPTS: (_session, wish) => /^utf8 on$/i.test(wish) ? '200 It always is.' : '501 There is no such option.',
  TYPE(session, type) {
    if (!/^(?:[AI]|A N|L 8)$/i.test(type)) return '504 Types are A and I.';
    session.isText = /^A/i.test(type);
    return `200 Type is ${session.isText ? 'A' : 'I'} now.`;
  },
  MODE: (_session, mode) => /^S$/i.test(mode) ? '200 Streams it is.' : '504 There are streams only.',
  STRU: (_session, structure) => /^F$/i.test(structure) ? '200 Files it is.' : '504 There are files only.',
  ALLO: () => '202 There is no need to.',
  PWD: ({ folder }) => `257 "${folder.replaceAll('"', '""')}" is where you are.`,
  CWD(session, path) {
    const to = absolutePath(session.folder, path);
    if (session.tree.find(to)?.kind !== 'folder') return noSuch;
    session.folder = to;
    return '250 You are there.';
  },
  CDUP: (session) => commands['CWD']!(session, '..'),
  PASV: (session) => openPassive(session, ''),
  EPSV: (session, network) => openExtended(session, network),
  // RFC 2577 §3: a client that names another place makes the server its messenger.
  PORT: () => '502 This server connects to nobody. Use PASV or EPSV.',
  EPRT: () => '502 This server connects to nobody. Use PASV or EPSV.',
  SIZE(session, path) {
    if (session.isText) return '550 The size in TYPE A is anybody\'s guess.';
    const file = fileAt(session, path);
    return file ? `213 ${file.content.length}` : noSuch;
  },
  MDTM(session, path) {
    const file = fileAt(session, path);
    return file ? `213 ${timeValue(file.modifiedAt)}` : noSuch;
  },
  LIST: (session, path) => list(session, path.replace(/^-[a-zA-Z]+ ?/, ''), (node) => longLine(node, new Date())),
  NLST: (session, path) => list(session, path, ({ name }) => name),
  MLSD(session, path) {
    const node = session.tree.find(absolutePath(session.folder, path));
    return node?.kind === 'file' ? '501 That is a file.' : list(session, path, factLine);
  },
  RETR(session, path) {
    const file = fileAt(session, path);
    if (!file) return noSuch;
    return send(session, session.isText ? networkLines(file.content) : file.content);
  },
  STOR: store,
};

const aliases: Readonly<Record<string, string>> = { XPWD: 'PWD', XCWD: 'CWD', XCUP: 'CDUP' };

/** By its name in any case; undefined for none of ours. */
export function commandNamed(name: string): Command | undefined {
  const own = aliases[name] ?? name;
  return Object.hasOwn(commands, own) ? commands[own] : undefined;
}

function isAnonymous(user: string): boolean {
  return /^(?:anonymous|ftp)$/i.test(user);
}

function fileAt({ tree, folder }: Session, path: string): TreeFile | undefined {
  const node = tree.find(absolutePath(folder, path));
  return node?.kind === 'file' ? node : undefined;
}

/** RFC 959 §4.1.2: six numbers that are address and port. */
async function openPassive(session: Session, _argument: string): Promise<string> {
  if (session.isExtendedOnly) return '501 You promised to use EPSV only.';
  if (session.control.localAddress !== '127.0.0.1') return '425 Over IPv6 there is EPSV only.';
  const port = await open(session);
  return `227 Entering Passive Mode (127,0,0,1,${port >> 8},${port & 255}).`;
}

/** RFC 2428 §3: the port alone. */
async function openExtended(session: Session, network: string): Promise<string> {
  if (/^all$/i.test(network)) {
    session.isExtendedOnly = true;
    return '200 EPSV it is, from now on.';
  }
  const own = session.control.localFamily === 'IPv6' ? '2' : '1';
  if (network !== '' && network !== own) return `522 That network is not here, use (${own}).`;
  return `229 Entering Extended Passive Mode (|||${await open(session)}|)`;
}

async function open(session: Session): Promise<number> {
  session.data?.close();
  const { control: { localAddress = '127.0.0.1', remoteAddress }, admit } = session;
  session.data = await openDataPort(localAddress, remoteAddress, admit);
  return session.data.port;
}

/** Waits for the data connection that was announced; undefined: 425. */
async function connection(session: Session): Promise<Socket | undefined> {
  const { data } = session;
  session.data = undefined;
  session.transfer = data;
  if (!data) return undefined;
  session.say('150 Here it comes.');
  const socket = await data.arrival();
  return socket?.destroyed ? undefined : socket;
}

const noData = '425 There is no data connection: PASV or EPSV first.';

async function send(session: Session, content: Buffer): Promise<string> {
  const socket = await connection(session);
  if (!socket) return noData;
  try {
    socket.resume();
    socket.end(content);
    await finished(socket, { readable: false });
    return '226 That was all.';
  } catch {
    return '426 The data connection broke.';
  } finally {
    socket.destroySoon();
  }
}

function list(session: Session, path: string, line: (node: TreeFile | TreeFolder) => string): string | Promise<string> {
  const node = session.tree.find(absolutePath(session.folder, path));
  if (!node) return noSuch;
  const nodes = node.kind === 'folder' ? [...node.entries.values()] : [node];
  return send(session, Buffer.from(nodes.map((one) => `${line(one)}\r\n`).join('')));
}

const storeReplies: Readonly<Record<StoreOutcome, string>> = {
  'stored': '226 It is kept.', 'full': '552 That is more than there is room for.',
  'not-allowed': '553 Here only members may do that; use /incoming.',
  'not-a-place': '553 There is no place of that name.',
};

async function store(session: Session, path: string): Promise<string> {
  const to = absolutePath(session.folder, path);
  if (!session.isMember && !to.startsWith('/incoming/')) return storeReplies['not-allowed'];
  const socket = await connection(session);
  if (!socket) return noData;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limits.fileSize) return storeReplies['full'];
      chunks.push(chunk);
    }
    const content = Buffer.concat(chunks);
    return storeReplies[session.tree.store(to, session.isText ? unixLines(content) : content, session.isMember)];
  } catch {
    return '426 The data connection broke.';
  } finally {
    socket.destroy();
  }
}

/** RFC 959 §3.1.1.1: lines end in CRLF on the way, and as the system does at home. */
function networkLines(content: Buffer): Buffer {
  return Buffer.from(content.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
}

function unixLines(content: Buffer): Buffer {
  return Buffer.from(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}
