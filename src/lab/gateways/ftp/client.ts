import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { monotonicNow } from '../../clock.ts';
import type { ServerEvent } from '../../messages.ts';

// The gateway's side of FTP (RFC 959): passive, by EPSV alone, so that no server can name another place (RFC 2428 §4).

/** A reply's code, and all of its lines. */
export interface Reply {
  readonly code: number;
  readonly text: string;
}

/** A reply that was not the one that was needed. */
export class FtpRefusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(reply.text);
    this.reply = reply;
  }
}

/** A control connection. What goes wrong rejects: {@link FtpRefusal} when the server said so. */
export interface FtpClient {
  /** Says a command and gives the reply; rejects when it is an error (4xx, 5xx). */
  ask(verb: string, argument?: string): Promise<Reply>;
  /** Opens a data connection, says the command, and gives the connection when the server begins. */
  transfer(verb: string, argument: string): Promise<Socket>;
  /** The reply that ends a transfer of `size` bytes. */
  ended(size: number): Promise<void>;
  close(): void;
}

/** The message of the error when the server says nothing for {@link patience} ms. */
export const tooLate = 'the server did not answer in time';
const patience = 10_000;
const maxReply = 65_536;

/** Connects to a server of this machine and waits for its greeting; `tell` hears each command with its reply. */
export async function openFtp(port: number, tell: (event: ServerEvent) => void): Promise<FtpClient> {
  const open = new Set<Socket>();
  const dial = async (to: number): Promise<Socket> => {
    const socket = await dialed(to);
    open.add(socket.on('close', () => open.delete(socket)));
    return socket;
  };
  const control = await dial(port);
  const replies = repliesOf(control);
  const heard = async (sent: string, shown = sent): Promise<Reply> => {
    const startAt = monotonicNow();
    if (sent !== '') control.write(`${sent}\r\n`);
    const { value: reply } = await replies.next();
    if (!reply) throw new Error('the server closed the connection');
    const [first = ''] = reply.text.split('\r\n');
    const received = first.slice(0, 500);
    tell({ type: 'dialogue', startAt, at: monotonicNow(), protocol: 'FTP', sent: shown, received });
    if (reply.code >= 400) throw new FtpRefusal(reply);
    return reply;
  };
  const ask = (verb: string, argument?: string): Promise<Reply> => {
    // A line end in an argument would make another command of the rest.
    if (/[\0-\x1f\x7f]/.test(argument ?? '')) return Promise.reject(new Error('control characters in an argument'));
    const line = argument === undefined ? verb : `${verb} ${argument}`;
    return heard(line, verb === 'PASS' ? 'PASS ***' : line);
  };
  const close = (): void => {
    for (const socket of open) socket.destroy();
  };
  try {
    await heard('', `connect :${port}`);
  } catch (error) {
    close();
    throw error;
  }
  return {
    ask, close,
    async transfer(verb, argument) {
      const { text } = await ask('EPSV');
      const [, number] = /\(([!-~])\1\1(\d{1,5})\1\)/.exec(text)?.slice(1) ?? [];
      if (number === undefined) throw new Error('the server named no port');
      const data = await dial(Number(number));
      try {
        await ask(verb, argument);
        control.setTimeout(0);
      } catch (error) {
        data.destroy();
        throw error;
      }
      return data;
    },
    async ended(size) {
      control.setTimeout(patience);
      await heard('', `data: ${size} B`);
    },
  };
}

function dialed(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.setTimeout(patience, () => socket.destroy(new Error(tooLate)));
    socket.once('connect', () => resolve(socket));
    socket.on('error', reject);
  });
}

/** RFC 959 §4.2: a reply ends with the line that has its code and a space. */
async function* repliesOf(control: Socket): AsyncGenerator<Reply> {
  let held = '';
  control.setEncoding('utf8');
  for await (const chunk of control as AsyncIterable<string>) {
    held += chunk;
    if (held.length > maxReply) throw new Error('a reply is too long');
    if (held.length >= 4 && !/^\d{3}[ \r-]/.test(held)) throw new Error('what it says is no FTP');
    for (let match = replyAt(held); match; match = replyAt(held)) {
      held = held.slice(match[0].length);
      yield { code: Number(match[1]), text: match[0].trimEnd() };
    }
  }
}

function replyAt(held: string): RegExpExecArray | null {
  const isMultiple = /^\d{3}-/.test(held);
  return (isMultiple ? /^(\d{3})-[^]*?\r\n\1 [^\r\n]*\r\n/ : /^(\d{3}) ?[^\r\n]*\r\n/).exec(held);
}
