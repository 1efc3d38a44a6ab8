import { execFile, spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';

// The system's own programs are asked one at a time through one shell that waits: to start a program from here stops
// this process for a millisecond or more, in the middle of somebody's exchange; to write a line to a shell does not.

/** Milliseconds for one command, after which the shell is ended. */
const timeout = 2000;
/** Characters of an answer; the tables of an end host are far smaller. */
const answerLimit = 256 * 1024;
/** Questions that wait; further ones are not asked. */
const queueLimit = 32;

/** Gives what a command printed, or undefined when it could not be run, failed or was silent for too long. */
export type Ask = (command: readonly string[]) => Promise<string | undefined>;

export interface Shell {
  readonly ask: Ask;
  /** Ends the shell; questions under way are answered with undefined. */
  close(): void;
}

interface Question {
  readonly command: readonly string[];
  readonly answer: (printed: string | undefined) => void;
}

/** Nothing a shell could take for more than a word of a command. */
const harmless = /^[A-Za-z0-9_./:=%@+, -]{1,200}$/;

/** A shell that starts with the first question and does not keep the process alive. */
export function createShell(platform: NodeJS.Platform = process.platform): Shell {
  return platform === 'win32' ? createRunner() : new PosixShell();
}

class PosixShell implements Shell {
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  readonly #waiting: Question[] = [];
  #current: Question | undefined;
  #printed = '';
  #mark = '';
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  readonly ask: Ask = (command) => new Promise((answer) => {
    if (this.#closed || this.#waiting.length >= queueLimit || !command.every((word) => harmless.test(word))) {
      return answer(undefined);
    }
    this.#waiting.push({ command, answer });
    this.#next();
  });

  close(): void {
    this.#closed = true;
    this.#end();
    for (const { answer } of this.#waiting.splice(0)) answer(undefined);
  }

  #next(): void {
    if (this.#current) return;
    const question = this.#waiting.shift();
    if (!question) return;
    this.#current = question;
    this.#printed = '';
    // Random, so that no answer can hold it.
    this.#mark = randomBytes(12).toString('hex');
    this.#timer = setTimeout(() => this.#end(), timeout).unref();
    const words = question.command.map((word) => `'${word}'`).join(' ');
    this.#child ??= this.#start();
    this.#child.stdin.write(`${words} 2>/dev/null </dev/null; echo "${this.#mark} $?"\n`);
  }

  #start(): ChildProcessByStdio<Writable, Readable, null> {
    // ss and ip are in the folders of system programs, which are not on everybody's PATH.
    const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`, LC_ALL: 'C' };
    const child = spawn('/bin/sh', ['-s'], { stdio: ['pipe', 'pipe', 'ignore'], env });
    const isOver = (): void => {
      if (this.#child === child) this.#end();
    };
    child.on('error', isOver).on('exit', isOver);
    child.stdin.on('error', isOver);
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#receive(text)).on('error', isOver);
    child.unref();
    for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref(): void }).unref();
    return child;
  }

  #receive(text: string): void {
    if (!this.#current) return;
    this.#printed += text;
    const end = this.#printed.indexOf(`${this.#mark} `);
    const status = end === -1 ? undefined : /^\w+ (\d+)\n/.exec(this.#printed.slice(end))?.[1];
    if (status !== undefined) this.#answer(status === '0' ? this.#printed.slice(0, end) : undefined);
    else if (this.#printed.length > answerLimit) this.#end();
  }

  #answer(printed: string | undefined): void {
    clearTimeout(this.#timer);
    const question = this.#current;
    this.#current = undefined;
    question?.answer(printed);
    if (!this.#closed) this.#next();
  }

  #end(): void {
    const child = this.#child;
    this.#child = undefined;
    child?.stdin.destroy();
    child?.stdout.destroy();
    child?.kill('SIGKILL');
    this.#answer(undefined);
  }
}

/** Where there is no such shell, a program is started for each question, its words as they are; one at a time. */
function createRunner(): Shell {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const run = ([program = '', ...rest]: readonly string[]): Promise<string | undefined> => new Promise((resolve) => {
    const options = { timeout: timeout * 5, maxBuffer: answerLimit, windowsHide: true };
    execFile(program, rest, options, (error, printed) => resolve(error ? undefined : printed)).unref();
  });
  return {
    ask(command) {
      if (waiting >= queueLimit) return Promise.resolve(undefined);
      waiting += 1;
      const asked = last.then(() => run(command)).catch(() => undefined);
      last = asked.then(() => { waiting -= 1; });
      return asked;
    },
    close: () => undefined,
  };
}
