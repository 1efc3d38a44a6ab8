import type { Socket } from 'node:net';
import { listen } from '../../http/listener.ts';
import type { House, Part, RunningPart } from '../../parts.ts';
import { commandNamed, openToAll } from './session.ts';
import type { Session } from './session.ts';
import { createTree } from './tree.ts';
import type { Tree } from './tree.ts';

/** An FTP server (RFC 959) in passive mode, with files in memory. It is on loopback, and so are its data ports. */
export const ftp: Part = { id: 'ftp', start: startFtp };

const bounds = { sessions: 64, line: 4096, silence: 60_000, unknown: 20 } as const;

async function startFtp({ admit }: House, port: number): Promise<RunningPart> {
  const open = new Set<Socket>();
  const tree = createTree();
  const listener = await listen(port, (control) => {
    control.on('error', () => control.destroy());
    if (open.size >= bounds.sessions) return void control.end('421 Too many are here already.\r\n');
    open.add(control);
    control.on('close', () => open.delete(control));
    control.setTimeout(bounds.silence, () =>
      control.end('421 Nobody said anything for a minute.\r\n', () => control.destroy()));
    attend(control, tree, admit);
  });
  return {
    origin: `ftp://lab.test:${listener.port}`, address: '127.0.0.1', port: listener.port,
    connections: () => open.size,
    async close() {
      for (const control of open) control.destroy();
      await listener.close();
    },
  };
}

function attend(control: Socket, tree: Tree, admit: House['admit']): void {
  const say = (reply: string): void => {
    if (control.writable) control.write(`${reply}\r\n`);
  };
  const session: Session = {
    tree, control, admit, say, user: undefined, isIn: false, isMember: false, failures: 0, folder: '/', isText: true,
    data: undefined, transfer: undefined, isExtendedOnly: false,
  };
  control.on('close', () => {
    session.data?.close();
    session.transfer?.close();
  });
  say('220 The FTP server of the lab. Log in as anonymous.');
  void converse(session).catch(() => control.destroy()).finally(() => control.end().resume());
}

/** One command after another: what comes early waits in the socket. */
async function converse(session: Session): Promise<void> {
  let unknown = 0;
  for await (const line of linesOf(session.control)) {
    if (line === undefined) return session.say('500 Such a long line is no command.');
    const reply = await obey(session, line);
    session.say(reply);
    if (reply.startsWith('500')) unknown += 1;
    if (/^(?:221|421)/.test(reply) || unknown >= bounds.unknown) return;
  }
}

function obey(session: Session, bytes: Buffer): string | Promise<string> {
  const line = textOf(bytes);
  if (line === undefined) return '501 Commands are UTF-8 without control characters.';
  // What a web page made a browser send would go on with lines of its choice.
  if (/ HTTP\/\d/.test(line)) return '421 This is FTP.';
  const [, name = '', argument = ''] = /^(\S+) ?(.*)$/.exec(line) ?? [];
  const command = commandNamed(name.toUpperCase());
  if (!command) return '500 There is no such command.';
  if (!session.isIn && !openToAll.has(name.toUpperCase())) return '530 Log in first, with USER and PASS.';
  return command(session, argument);
}

function textOf(bytes: Buffer): string | undefined {
  const line = bytes.toString('utf8');
  const isControlled = /[\0-\x1f\x7f]/.test(line);
  return isControlled || !Buffer.from(line).equals(bytes) ? undefined : line;
}

/** RFC 959 §4.2: lines end in CRLF. Undefined stands for one that is too long. */
async function* linesOf(control: Socket): AsyncGenerator<Buffer | undefined> {
  let held = Buffer.alloc(0);
  for await (const chunk of control.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    held = Buffer.concat([held, chunk]);
    for (let end = held.indexOf(10); end !== -1; end = held.indexOf(10)) {
      const line = held.subarray(0, end > 0 && held[end - 1] === 13 ? end - 1 : end);
      yield line.length > bounds.line ? undefined : line;
      held = held.subarray(end + 1);
    }
    if (held.length > bounds.line) yield undefined;
  }
}
