import { writeFile } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import { randomUUID } from 'node:crypto';

import { failureMessage } from '../explain/failure.ts';
import { explainRedirect, explainRedirectChange } from '../explain/redirects.ts';
import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import { toHar } from '../formats/har.ts';
import { isDisabled } from '../httpFile/disabled.ts';
import type { HttpRequest, Problem } from '../httpFile/syntax.ts';
import { unreadProblems } from '../httpFile/unread.ts';
import { serverResponse } from '../run/authentication/oauth/serverResponse.ts';
import { createTokens } from '../run/authentication/oauth/tokens.ts';
import type { SignIn, Tokens } from '../run/authentication/oauth/tokens.ts';
import type { PlacedRequest } from '../run/prepare/dependencies.ts';
import { loadImports, nameOf, prepare, sendNeeded, usesLab } from '../run/prepare/prepare.ts';
import type { PrepareContext } from '../run/prepare/prepare.ts';
import { askingOnce } from '../run/prompts.ts';
import type { Exchange } from '../trace/exchange.ts';
import { proxyEnvironment } from '../trace/proxyDecision.ts';
import type { ProxySources } from '../trace/proxyDecision.ts';
import type { RequestSpec, SendOptions } from '../trace/request.ts';
import { createSecretMask, maskExchangeSecrets } from '../trace/secretValues.ts';
import { createClient } from '../wire/client.ts';
import type { Client } from '../wire/client.ts';
import { nobody } from '../wire/listener.ts';
import type { Selection, SendArguments } from './arguments.ts';
import { openTerminal } from './ask.ts';
import { decodeText } from '../run/charset.ts';
import { cookieJarAt } from './cookies.ts';
import { dim, exchangeLines, printable } from './chart.ts';
import type { Terminal } from './chart.ts';
import { frameLines, rawLines } from './wire.ts';
import { toJson } from './json.ts';
import { connectionLines } from './connectionLines.ts';
import { createLate } from './late.ts';
import type { Late } from './late.ts';
import { startLab } from './lab.ts';
import type { RunningLab } from './lab.ts';
import { readImport, readNames } from './names.ts';
import type { SourceNames } from './names.ts';
import { messageOf, placeOf } from './parse.ts';
import { sendOptions } from './sendOptions.ts';
import { createSent } from './sent.ts';
import type { Sent } from './sent.ts';
import { directoryOf, labelOf, readSource, select } from './source.ts';
import type { Source } from './source.ts';
import { tlsLines } from './tlsList.ts';
import { streamPrinter } from './streamPrinter.ts';
import { takesTyping, withTyping } from './typing.ts';
import { signInAt } from './signIn.ts';
import { UsageError } from './usageError.ts';
import { writePcapng } from './writePcapng.ts';
import { createUnderWay } from './underWay.ts';
import { walkLines } from './walk.ts';

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
  readonly late: Late;
  readonly options: SendOptions;
  readonly signal: AbortSignal;
  readonly sent: Exchange[];
  /** What later requests may refer to. */
  readonly responses: Sent;
  /** Got in this run, until they expire. */
  readonly tokens: Tokens;
  /** How to ask whoever sits at the terminal. */
  readonly questions: (placed: PlacedRequest) => Pick<PrepareContext, 'ask' | 'confirm'>;
}

/**
 * `roundtrip send`: sends the selected requests in order, each exchange printed as soon as it is over.
 *
 * @returns 0 when every exchange completed, 1 when one did not or a block of the file could not be read, 130 when Ctrl+C ended it.
 * @throws UsageError when a file cannot be read or written, or the lab cannot be started.
 */
export async function sendCommand(given: SendArguments, language: Language): Promise<number> {
  const source = await readSource(given.file);
  const { requests, allRead } = requestsOf(source, given.selection, language);
  const names = await readNames(source, given);
  complainOf(source, names, language);
  const options = await sendOptions(given);
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  process.once('SIGINT', interrupt);
  // It gets ready while the lab starts.
  const client = createClient({
    warmUp: true, ...(given.cookieJar === undefined ? {} : { cookies: cookieJarAt(given.cookieJar, language) }),
  });
  const wantsLab = reachable(source, names, requests).some(({ request, file }) => usesLab(request, { ...names, file }));
  let lab: RunningLab | undefined;
  try {
    if (wantsLab) lab = await startLab();
    const session: Session = {
      given, language, source, names, client, lab, late: createLate(), options, signal: controller.signal, sent: [],
      tokens: createTokens(),
      responses: createSent((id, offset, length) => client.readContent(id, offset, length)),
      questions: questionsOf(source, given, language),
    };
    const completed = await sendAll(session, requests);
    if (given.har !== undefined) await writeHar(session, given.har);
    const isWritten = given.output === undefined || await writeOutput(session, given.output);
    if (given.pcapng !== undefined) {
      await writePcapng(session.sent, client, given.pcapng, (id, places) => complain(say(cliTexts, language, id, places)));
    }
    // To stop listening to a stream of events is no interruption.
    if (controller.signal.aborted && !completed) return 130;
    return completed && allRead && isWritten ? 0 : 1;
  } finally {
    process.off('SIGINT', interrupt);
    await client.close();
    await lab?.stop();
  }
}

/** The selected requests; where all are meant, or one is not found, the blocks that hold none are complained of. */
function requestsOf(
  source: Source, selection: Selection, language: Language,
): { requests: readonly HttpRequest[]; allRead: boolean } {
  const complainOfUnread = (): boolean => {
    const problems = unreadProblems(source.file);
    for (const one of problems) {
      const { line, character } = one.range.start;
      const place = placeIn(source.label, line, character);
      complain(say(cliTexts, language, 'not-read', { place, reason: messageOf(one, language) }));
    }
    return problems.length === 0;
  };
  try {
    const requests = withoutDisabled(source, selection, language);
    return { requests, allRead: selection.by !== 'all' || complainOfUnread() };
  } catch (error) {
    complainOfUnread();
    throw error;
  }
}

/** Of all requests those that are not disabled; one that is chosen by itself is sent. */
function withoutDisabled(source: Source, selection: Selection, language: Language): readonly HttpRequest[] {
  const requests = select(source, selection);
  if (selection.by !== 'all') return requests;
  for (const request of requests.filter(isDisabled)) {
    complain(say(cliTexts, language, 'left-out-disabled', { place: placeIn(source.label, request.line - 1, 0) }));
  }
  return requests.filter((request) => !isDisabled(request));
}

/** Who names proxies here: the command line and the environment. */
function proxySources({ proxy, noProxy }: SendArguments): ProxySources {
  return {
    commandLine: { direct: noProxy, ...(proxy === undefined ? {} : { proxy }) },
    environment: proxyEnvironment(process.env),
  };
}

async function sendAll(session: Session, requests: readonly HttpRequest[]): Promise<boolean> {
  let completed = true;
  for (const request of requests) {
    if (session.signal.aborted) return false;
    completed = await sendWithNeeds(session, request) && completed;
  }
  return completed;
}

/** A request, and first what its `# @ref` lines name (C24). */
async function sendWithNeeds(session: Session, request: HttpRequest): Promise<boolean> {
  const { source, names, responses } = session;
  const placed = { request, file: source.file, uri: source.uri };
  const fault = await sendNeeded(placed, {
    importsOf: async (file, uri) => file === source.file
      ? names.imported : (await loadImports(file, uri, { read: readImport })).files,
    hasResponse: async (needed) => responses.hasResponse(nameOf(needed.request) ?? ''),
    send: (needed) => sendOne(session, needed),
  });
  if (!fault) return sendOne(session, placed);
  complainOfProblem(session, placed, fault);
  return false;
}

async function sendOne(session: Session, placed: PlacedRequest): Promise<boolean> {
  const spec = await specOf(session, placed);
  if (!spec) return false;
  const exchanges = await exchange(session, spec);
  for (const one of exchanges) await print(session, one);
  await keep(session, exchanges);
  const outcome = exchanges.at(-1);
  return outcome !== undefined && !outcome.failure
    && (outcome.response?.complete === true || outcome.stream?.ended === true);
}

/**
 * What an archive is to hold, and what later requests may refer to, stays; of the rest only the last send: a run takes the
 * same memory however long it is.
 */
async function keep({ given, client, sent, responses }: Session, exchanges: readonly Exchange[]): Promise<void> {
  const isArchived = given.har !== undefined || given.pcapng !== undefined;
  const before = isArchived ? [] : sent.splice(0);
  sent.push(...exchanges);
  const replaced = responses.add(exchanges);
  if (isArchived) return;
  const unneeded = [...before.filter(({ spec }) => spec.name === undefined), ...replaced];
  await client.forget(unneeded.map(({ id }) => id));
}

async function specOf(session: Session, placed: PlacedRequest): Promise<RequestSpec | undefined> {
  const { source, given, names } = session;
  const { request, file, uri } = placed;
  const isOwn = file === source.file;
  const imports = isOwn ? {} : { imported: (await loadImports(file, uri, { read: readImport })).files };
  const prepared = await prepare(request, {
    file, uri, directory: isOwn ? source.directory : directoryOf(uri), options: session.options,
    proxies: proxySources(given), trusted: true, newId: randomUUID, ...(session.lab ? { lab: session.lab.addresses } : {}),
    ...names, certificates: [...given.certificates, ...names.certificates], ...imports, importProblems: [], responses: session.responses, sendAnyway: given.anyway,
    ...session.questions(placed), tokens: (configuration) => session.tokens.tokens(configuration, signInOf(session)),
  });
  if (!prepared.ok) {
    const errors = prepared.problems.filter(({ severity }) => severity === 'error');
    for (const problem of errors) complainOfProblem(session, placed, problem);
    return undefined;
  }
  const httpVersion = given.httpVersion ?? prepared.spec.httpVersion;
  return httpVersion === undefined ? prepared.spec : { ...prepared.spec, httpVersion };
}

/** Requests for tokens are exchanges like others, printed before the request they are for. */
function signInOf(session: Session): SignIn {
  return signInAt(session.language, {
    newId: randomUUID, options: session.options, signal: session.signal,
    send: async (spec) => {
      const exchanges = await exchange(session, spec);
      for (const one of exchanges) await print(session, one);
      session.sent.push(...exchanges);
      return serverResponse(exchanges.at(-1), session.client.readContent);
    },
  });
}

/** Says why a request is not sent. */
function complainOfProblem({ source, language }: Session, { uri }: PlacedRequest, problem: Problem): void {
  const place = placeIn(labelOf(source, uri), problem.range.start.line, problem.range.start.character);
  complain(say(cliTexts, language, 'not-sent', { place, reason: messageOf(problem, language) }));
}

/** Both count from 0. */
function placeIn(label: string, line: number, character: number): string {
  return `${label}:${line + 1}:${character + 1}`;
}

/** What may be sent: the chosen requests and, where one needs others, all that there are. */
function reachable(source: Source, { imported }: SourceNames, requests: readonly HttpRequest[]): PlacedRequest[] {
  const { file, uri } = source;
  const hasNeeds = requests.some(({ metadata }) => metadata.some(({ key }) => key === 'ref' || key === 'force-ref'));
  return hasNeeds
    ? [{ file, uri }, ...imported].flatMap((one) => one.file.requests.map((request) => ({ ...one, request })))
    : requests.map((request) => ({ request, file, uri }));
}

/** Each question is asked once; where nobody can be asked, `# @note` needs `--yes`. */
function questionsOf(source: Source, given: SendArguments, language: Language): Session['questions'] {
  const terminal = openTerminal(language);
  const asking = terminal && askingOnce((_, prompt) => terminal.ask(prompt));
  const refuse = (placed: PlacedRequest) => async (note: string): Promise<boolean> => {
    const place = placeIn(labelOf(source, placed.uri), placed.request.line - 1, 0);
    complain(say(cliTexts, language, 'note-unconfirmed', { place, note: note === '' ? '@note' : note }));
    return false;
  };
  return (placed) => ({
    ...(asking ? { ask: asking(placed.uri) } : {}),
    ...(given.yes ? {} : { confirm: terminal ? terminal.confirm : refuse(placed) }),
  });
}

/** Sends, and waits shortly for the lab's own account of each exchange. */
async function exchange(session: Session, spec: RequestSpec): Promise<readonly Exchange[]> {
  const { client, given, language, lab, late, signal } = session;
  const printer = given.json ? nobody : streamPrinter(spec, given.includeSecrets, language, terminal());
  const inner = spec.webSocket && takesTyping(given)
    ? withTyping(printer, client, (line) => complain(say(cliTexts, language, 'message-unsent', { line }))) : printer;
  const asked = openTerminal(language);
  const { listener, clear } = createUnderWay({ spec, language, client, terminal: asked, inner });
  const asking = asked ? { ...spec, options: { ...spec.options, asksBeyondLimits: true } } : spec;
  const sent = await client.send(asking, late.listening(listener), signal);
  clear();
  const exchanges = await late.completed(sent, client);
  return lab ? Promise.all(exchanges.map((one) => lab.withServerSide(one))) : exchanges;
}

async function print(session: Session, exchange: Exchange): Promise<void> {
  const { given, language } = session;
  const lab = session.lab ? 'running' : 'stopped';
  const wanted = given.json ? given.maxContent : shownContent;
  // What a stream told is on the screen already.
  const isWanted = exchange.response && (given.json || !exchange.stream);
  const read = isWanted ? await session.client.readContent(exchange.id, 0, wanted) : undefined;
  const masker = given.includeSecrets ? undefined : createSecretMask(exchange.spec.secrets ?? []);
  const content = read && masker ? masker.bytes(read.bytes) : read?.bytes;
  const one = masker ? maskExchangeSecrets(exchange) : exchange;
  if (given.json) {
    process.stdout.write(`${JSON.stringify(toJson(one, content, language, lab))}\n`);
  } else {
    const response = responseLines(one, content, read?.bytes.length ?? 0, language);
    const lines = [
      ...exchangeLines(one, language, terminal()), ...walkLines(one, language, terminal()), ...connectionLines(one, language, terminal()),
      ...(given.verbose ? tlsLines(one, language, terminal()) : []), ...response,
      ...wireLines(session, one, exchange),
    ];
    process.stdout.write(`${lines.join('\n')}\n\n`);
  }
  // A challenge that the next exchange answers is nothing to complain of.
  if (one.failure && one.challenge?.outcome !== 'answered') {
    const { source = { uri: session.source.uri, line: 1 } } = one.spec;
    const place = `${labelOf(session.source, source.uri)}:${source.line}`;
    const reason = failureMessage(one.failure, one, language, lab);
    complain(say(cliTexts, language, 'failed-line', { place, reason }));
  }
}

/** `whole` is the exchange with its secrets, `one` as it is shown. */
function wireLines({ given, client, language }: Session, one: Exchange, whole: Exchange): string[] {
  const { secrets: _secrets, ...spec } = whole.spec;
  const bytes = given.raw ? rawLines(client, given.includeSecrets ? { ...whole, spec } : whole, language) : [];
  return [...(given.frames ? frameLines(one, language) : []), ...bytes];
}

/** `size` is how much of the content was read, which is not that of `content` when secrets in it are masked. */
function responseLines(one: Exchange, content: Uint8Array | undefined, size: number, language: Language): string[] {
  if (!one.response || one.response.statusCode === 0) return [];
  const { headers, contentSize } = one.response;
  const fields = headers.map(([name, value]) => `${dim(printable(name), terminal())}: ${printable(value)}`);
  const shown = contentLines(content, contentSize, contentSize - size, headers, language);
  return ['', ...fields, ...shown, ...redirectLines(one, language)];
}

/** Where a redirect led, why, and what changed on the way. */
function redirectLines(one: Exchange, language: Language): string[] {
  const { location, changes } = one.redirect ?? {};
  if (location === undefined || changes === undefined) return [];
  const told = [...explainRedirect(one, language), ...changes.map((change) => explainRedirectChange(change, language))];
  return ['', `→ ${printable(location)}`, ...told.map((line) => dim(`  ${printable(line.replaceAll('`', ''))}`, terminal()))];
}

function contentLines(
  content: Uint8Array | undefined, contentSize: number, left: number, headers: readonly (readonly [string, string])[],
  language: Language,
): string[] {
  if (!content || content.length === 0) return [];
  const text = decodeText(content, headers);
  if (text === undefined) return ['', say(cliTexts, language, 'content-binary', { size: contentSize })];
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

/** `--output`: the content byte for byte, copied from where it is kept. */
async function writeOutput({ client, sent, language }: Session, file: string): Promise<boolean> {
  const last = sent.at(-1);
  try {
    const size = last && await client.saveContent(last.id, resolvePath(file));
    if (size === undefined) complain(say(cliTexts, language, 'output-nothing', { file }));
    return size !== undefined;
  } catch (error) {
    complain(say(cliTexts, language, 'output-unwritten', { file, reason: (error as Error).message }));
    return false;
  }
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

/** What is wrong with environment files and imports; hints about other tools' settings are for `roundtrip parse`. */
function complainOf({ label }: Source, { environment, importProblems }: SourceNames, language: Language): void {
  const problems = environment.problems.filter(({ severity }) => severity === 'warning');
  for (const problem of problems) complain(`${placeOf(problem)}: ${messageOf(problem, language)}`);
  for (const problem of importProblems) {
    const { line, character } = problem.range.start;
    complain(`${placeIn(label, line, character)}: ${messageOf(problem, language)}`);
  }
}

function complain(line: string): void {
  process.stderr.write(`roundtrip: ${line.replace(/\s*\n\s*/g, ' ')}\n`);
}
