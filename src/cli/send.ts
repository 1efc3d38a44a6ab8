import { randomUUID } from 'node:crypto';

import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import type { HttpRequest, Problem } from '../httpFile/syntax.ts';
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
import { createClient } from '../wire/client.ts';
import type { Client } from '../wire/client.ts';
import { nobody } from '../wire/listener.ts';
import type { SendArguments } from './arguments.ts';
import { openTerminal } from './ask.ts';
import { chosenRequests, reachableRequests } from './chosenRequests.ts';
import { complain } from './complain.ts';
import { cookieJarAt } from './cookies.ts';
import { createLate } from './late.ts';
import type { Late } from './late.ts';
import { startLab } from './lab.ts';
import type { RunningLab } from './lab.ts';
import { readImport, readNames } from './names.ts';
import type { SourceNames } from './names.ts';
import { printExchange, terminal } from './printExchange.ts';
import type { Printing } from './printExchange.ts';
import { complainOfNames, messageOf, placeIn } from './problems.ts';
import { sendOptions } from './sendOptions.ts';
import { createSent } from './sent.ts';
import type { Sent } from './sent.ts';
import { signInAt } from './signIn.ts';
import { directoryOf, labelOf, readSource } from './source.ts';
import type { Source } from './source.ts';
import { streamPrinter } from './streamPrinter.ts';
import { takesTyping, withTyping } from './typing.ts';
import { createUnderWay } from './underWay.ts';
import { writeHar } from './writeHar.ts';
import { writeOutput } from './writeOutput.ts';
import { writePcapng } from './writePcapng.ts';

interface Session extends Printing {
  readonly names: SourceNames;
  readonly client: Client;
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
 * @returns 0 when every exchange completed, 1 when one did not or a block of the file could not be read, 130 when
 *   Ctrl+C ended it.
 * @throws UsageError when a file cannot be read or written, or the lab cannot be started.
 */
export async function sendCommand(given: SendArguments, language: Language): Promise<number> {
  const source = await readSource(given.file);
  const { requests, allRead } = chosenRequests(source, given.selection, language);
  const names = await readNames(source, given);
  complainOfNames(source, names, language);
  const options = await sendOptions(given);
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  process.once('SIGINT', interrupt);
  // It gets ready while the lab starts.
  const client = createClient({
    warmUp: true, ...(given.cookieJar === undefined ? {} : { cookies: cookieJarAt(given.cookieJar, language) }),
  });
  const reachable = reachableRequests(source, names, requests);
  const wantsLab = reachable.some(({ request, file }) => usesLab(request, { ...names, file }));
  let lab: RunningLab | undefined;
  try {
    if (wantsLab) lab = await startLab({ sessionStore: given.sessionStore });
    const session: Session = {
      given, language, source, names, client, lab, late: createLate(), options, signal: controller.signal, sent: [],
      tokens: createTokens(),
      responses: createSent((id, offset, length) => client.readContent(id, offset, length)),
      questions: questionsOf(source, given, language),
    };
    const completed = await sendAll(session, requests);
    if (given.har !== undefined) await writeHar(session.sent, client, given.har, given.includeSecrets);
    const isWritten = given.output === undefined
      || await writeOutput(session.sent.at(-1), client, given.output, language);
    if (given.pcapng !== undefined) {
      await writePcapng(session.sent, client, given.pcapng, (id, places) =>
        complain(say(cliTexts, language, id, places)));
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
  for (const one of exchanges) await printExchange(session, one);
  await keep(session, exchanges);
  const outcome = exchanges.at(-1);
  return outcome !== undefined && !outcome.failure
    && (outcome.response?.complete === true || outcome.stream?.ended === true);
}

/**
 * What an archive is to hold, and what later requests may refer to, stays; of the rest only the last send: a run takes
 * the same memory however long it is.
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
    proxies: proxySources(given), trusted: true, newId: randomUUID,
    ...(session.lab ? { lab: session.lab.addresses } : {}),
    ...names, certificates: [...given.certificates, ...names.certificates], ...imports, importProblems: [],
    responses: session.responses, sendAnyway: given.anyway,
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
      for (const one of exchanges) await printExchange(session, one);
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
