import { readFile, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';

import { failureMessage } from '../explain/failure.ts';
import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import { toHar } from '../formats/har.ts';
import type { HttpRequest } from '../httpFile/syntax.ts';
import { prepare, usesLab } from '../run/prepare.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { RequestSpec, SendOptions, TrustAnchor } from '../trace/request.ts';
import { createClient } from '../wire/client.ts';
import type { Client } from '../wire/client.ts';
import { nobody } from '../wire/listener.ts';
import type { SendArguments } from './arguments.ts';
import { openTerminal } from './ask.ts';
import type { Terminal as Questions } from './ask.ts';
import { decodeText } from '../run/charset.ts';
import { dim, exchangeLines, printable } from './chart.ts';
import type { Terminal } from './chart.ts';
import { toJson } from './json.ts';
import { startLab } from './lab.ts';
import type { RunningLab } from './lab.ts';
import { readNames } from './names.ts';
import type { SourceNames } from './names.ts';
import { messageOf, placeOf } from './parse.ts';
import { createSent } from './sent.ts';
import type { Sent } from './sent.ts';
import { readSource, select } from './source.ts';
import type { Source } from './source.ts';
import { UsageError } from './usageError.ts';

/** How much of a content the terminal shows without `--json`, in bytes. */
const shownContent = 16 * 1024;

/** The largest content written into an HTTP Archive, in bytes. */
const archivedContent = 16 * 1024 * 1024;

interface Session {
  readonly given: SendArguments;
  readonly language: Language;
  readonly source: Source;
  readonly names: SourceNames;
  readonly client: Client;
  readonly lab: RunningLab | undefined;
  readonly options: SendOptions;
  readonly signal: AbortSignal;
  readonly sent: Exchange[];
  /** What later requests may refer to. */
  readonly responses: Sent;
  /** Absent when nobody can be asked. */
  readonly terminal: Questions | undefined;
}

/**
 * `roundtrip send`: sends the selected requests in order, each exchange printed as soon as it is over.
 *
 * @returns 0 when every exchange completed, 1 when one did not, 130 when Ctrl+C ended it.
 * @throws UsageError when a file cannot be read or written, or the lab cannot be started.
 */
export async function sendCommand(given: SendArguments, language: Language): Promise<number> {
  const source = await readSource(given.file);
  const requests = select(source, given.selection);
  const names = await readNames(source, given);
  complainOf(names, language);
  const options = await sendOptions(given);
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  process.once('SIGINT', interrupt);
  // It gets ready while the lab starts.
  const client = createClient({ warmUp: true });
  const wantsLab = requests.some((request) => usesLab(request, { file: source.file, ...names }));
  let lab: RunningLab | undefined;
  try {
    if (wantsLab) lab = await startLab();
    const session: Session = {
      given, language, source, names, client, lab, options, signal: controller.signal, sent: [],
      responses: createSent((id, offset, length) => client.readContent(id, offset, length)),
      terminal: openTerminal(language),
    };
    const completed = await sendAll(session, requests);
    if (given.har !== undefined) await writeHar(session, given.har);
    if (controller.signal.aborted) return 130;
    return completed ? 0 : 1;
  } finally {
    process.off('SIGINT', interrupt);
    await client.close();
    await lab?.stop();
  }
}

async function sendOptions(given: SendArguments): Promise<SendOptions> {
  return {
    timeouts: {
      ...(given.timeout === undefined ? {} : { total: given.timeout }),
      ...(given.connectTimeout === undefined ? {} : { connect: given.connectTimeout }),
    },
    verify: !given.insecure,
    followRedirects: given.followRedirects,
    ...(given.proxy === undefined ? {} : { proxy: given.proxy }),
    ...(given.cacert === undefined ? {} : { trustAnchors: await trustAnchorsOf(given.cacert) }),
  };
}

async function trustAnchorsOf(path: string): Promise<TrustAnchor[]> {
  let pem: string;
  try {
    pem = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError('authorities-unreadable', { file: path, reason: (error as Error).message });
  }
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (!certificates) throw new UsageError('certificates-unreadable', { file: path });
  return certificates.map((certificate) => ({ pem: certificate, label: path }));
}

async function sendAll(session: Session, requests: readonly HttpRequest[]): Promise<boolean> {
  let completed = true;
  for (const request of requests) {
    if (session.signal.aborted) return false;
    completed = await sendOne(session, request) && completed;
  }
  return completed;
}

async function sendOne(session: Session, request: HttpRequest): Promise<boolean> {
  const spec = await specOf(session, request);
  if (!spec) return false;
  const exchanges = await exchange(session, spec);
  for (const one of exchanges) await print(session, one);
  session.sent.push(...exchanges);
  session.responses.add(exchanges);
  const outcome = exchanges.at(-1);
  return outcome !== undefined && !outcome.failure && outcome.response?.complete === true;
}

async function specOf(session: Session, request: HttpRequest): Promise<RequestSpec | undefined> {
  const { source, given, language, names } = session;
  const prepared = await prepare(request, {
    file: source.file, uri: source.uri, directory: source.directory, options: session.options,
    trusted: true, newId: randomUUID, ...(session.lab ? { lab: session.lab.addresses } : {}),
    ...names, responses: session.responses, ...session.terminal,
  });
  if (!prepared.ok) {
    for (const problem of prepared.problems.filter(({ severity }) => severity === 'error')) {
      const { line, character } = problem.range.start;
      const place = `${source.label}:${line + 1}:${character + 1}`;
      complain(say(cliTexts, language, 'not-sent', { place, reason: messageOf(problem, language) }));
    }
    return undefined;
  }
  const httpVersion = given.httpVersion ?? prepared.spec.httpVersion;
  return httpVersion === undefined ? prepared.spec : { ...prepared.spec, httpVersion };
}

/** Sends, and waits shortly for the lab's own account of each exchange. */
async function exchange(session: Session, spec: RequestSpec): Promise<readonly Exchange[]> {
  const exchanges = await session.client.send(spec, nobody, session.signal);
  const { lab } = session;
  return lab ? Promise.all(exchanges.map((one) => lab.withServerSide(one))) : exchanges;
}

async function print(session: Session, one: Exchange): Promise<void> {
  const { given, language } = session;
  const lab = session.lab ? 'running' : 'stopped';
  const wanted = given.json ? given.maxContent : shownContent;
  const content = one.response && await session.client.readContent(one.id, 0, wanted);
  if (given.json) {
    process.stdout.write(`${JSON.stringify(toJson(one, content?.bytes, language, lab))}\n`);
  } else {
    const lines = [...exchangeLines(one, language, terminal()), ...responseLines(one, content?.bytes, language)];
    process.stdout.write(`${lines.join('\n')}\n\n`);
  }
  if (one.failure) {
    const place = one.spec.source ? `${session.source.label}:${one.spec.source.line}` : session.source.label;
    const reason = failureMessage(one.failure, one, language, lab);
    complain(say(cliTexts, language, 'failed-line', { place, reason }));
  }
}

function responseLines(one: Exchange, content: Uint8Array | undefined, language: Language): string[] {
  if (!one.response || one.response.statusCode === 0) return [];
  const { headers, contentSize } = one.response;
  const fields = headers.map(([name, value]) => `${dim(printable(name), terminal())}: ${printable(value)}`);
  return ['', ...fields, ...contentLines(content, contentSize, headers, language)];
}

function contentLines(
  content: Uint8Array | undefined, contentSize: number, headers: readonly (readonly [string, string])[],
  language: Language,
): string[] {
  if (!content || content.length === 0) return [];
  const text = decodeText(content, headers);
  if (text === undefined) return ['', say(cliTexts, language, 'content-binary', { size: contentSize })];
  const left = contentSize - content.length;
  const rest = left > 0 ? [say(cliTexts, language, 'content-cut', { left })] : [];
  return ['', printable(text.trimEnd()), ...rest];
}

function terminal(): Terminal {
  const { stdout, env } = process;
  return {
    columns: stdout.columns ?? 120,
    colours: stdout.isTTY === true && env.NO_COLOR === undefined,
  };
}

async function writeHar(session: Session, path: string): Promise<void> {
  const contents = new Map<string, Uint8Array>();
  for (const one of session.sent) {
    const content = await session.client.readContent(one.id, 0, archivedContent);
    if (content) contents.set(one.id, content.bytes);
  }
  const har = toHar(session.sent, contents, { includeSecrets: session.given.includeSecrets });
  try {
    await writeFile(path, `${JSON.stringify(har, undefined, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new UsageError('file-unwritable', { file: path, reason: (error as Error).message });
  }
}

/** What is wrong with environment files; hints about other tools' settings are for `roundtrip parse`. */
function complainOf({ environment }: SourceNames, language: Language): void {
  const problems = environment.problems.filter(({ severity }) => severity === 'warning');
  for (const problem of problems) complain(`${placeOf(problem)}: ${messageOf(problem, language)}`);
}

function complain(line: string): void {
  process.stderr.write(`roundtrip: ${line.replace(/\s*\n\s*/g, ' ')}\n`);
}
