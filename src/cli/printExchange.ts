import { failureMessage } from '../explain/failure.ts';
import { explainRedirect, explainRedirectChange } from '../explain/redirects.ts';
import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import { decodeText } from '../run/charset.ts';
import type { Exchange } from '../trace/exchange.ts';
import { createSecretMask, maskExchangeSecrets } from '../trace/secretValues.ts';
import type { Client } from '../wire/client.ts';
import type { SendArguments } from './arguments.ts';
import { exchangeLines } from './chart.ts';
import { hang } from './columns.ts';
import { complain } from './complain.ts';
import { connectionLines } from './connectionLines.ts';
import { cookieLines } from './cookieLines.ts';
import { toJson } from './json.ts';
import type { RunningLab } from './lab.ts';
import { lookupLines } from './lookupLines.ts';
import { interimLines, requestLines, responseLines, responseTrailerLines } from './messageLines.ts';
import { proxyLines } from './proxyLines.ts';
import { labelOf } from './source.ts';
import type { Source } from './source.ts';
import { dim, printable } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { tlsLines } from './tlsList.ts';
import { frameLines, rawLines } from './wire.ts';

/** How much of a content the terminal shows without `--json`, in bytes. */
const shownContent = 16 * 1024;

/** What printing an exchange takes. */
export interface Printing {
  readonly given: SendArguments;
  readonly language: Language;
  readonly source: Source;
  readonly client: Pick<Client, 'readContent' | 'readWire'>;
  readonly lab: RunningLab | undefined;
}

/** Prints an exchange on standard output, as text or as a line of JSON; why it failed goes to standard error, too. */
export async function printExchange(printing: Printing, exchange: Exchange): Promise<void> {
  const { given, language } = printing;
  const lab = printing.lab ? 'running' : 'none';
  const wanted = given.json ? given.maxContent : shownContent;
  // What a stream told is on the screen already.
  const isWanted = exchange.response && (given.json || !exchange.stream);
  const read = isWanted ? await printing.client.readContent(exchange.id, 0, wanted) : undefined;
  const masker = given.includeSecrets ? undefined : createSecretMask(exchange.spec.secrets ?? []);
  const content = read && masker ? masker.bytes(read.bytes) : read?.bytes;
  const one = masker ? maskExchangeSecrets(exchange) : exchange;
  if (given.json) {
    process.stdout.write(`${JSON.stringify(toJson(one, content, language, lab))}\n`);
  } else {
    const lines = [
      ...exchangeLines(one, language, terminal(), given.verbose),
      ...lookupLines(one, given.verbose, language, terminal()),
      ...connectionLines(one, given.verbose, language, terminal()),
      ...(given.verbose ? proxyLines(one, language, terminal()) : []),
      ...(given.verbose ? tlsLines(one, language, terminal()) : []),
      ...(given.verbose ? requestLines(one, language, terminal()) : []),
      ...(given.verbose ? interimLines(one, language, terminal()) : []),
      ...responseLines(one, given.verbose, language, terminal()),
      ...cookieLines(one, given.verbose, language, terminal()),
      ...contentPart(one, content, read?.bytes.length ?? 0, language),
      ...responseTrailerLines(one, language, terminal()), ...redirectLines(one, language),
      ...wireLines(printing, one, exchange),
    ];
    process.stdout.write(`${lines.join('\n')}\n\n`);
  }
  // A challenge that the next exchange answers is nothing to complain of.
  if (one.failure && one.challenge?.outcome !== 'answered') {
    const { source = { uri: printing.source.uri, line: 1 } } = one.spec;
    const place = `${labelOf(printing.source, source.uri)}:${source.line}`;
    const reason = failureMessage(one.failure, one, language, lab);
    complain(say(cliTexts, language, 'failed-line', { place, reason }));
  }
}

/** `whole` is the exchange with its secrets, `one` as it is shown. */
function wireLines({ given, client, language }: Printing, one: Exchange, whole: Exchange): string[] {
  const { secrets: _secrets, ...spec } = whole.spec;
  const bytes = given.raw ? rawLines(client, given.includeSecrets ? { ...whole, spec } : whole, language) : [];
  return [...(given.frames ? frameLines(one, language) : []), ...bytes];
}

/** `size` is how much of the content was read, which is not that of `content` when secrets in it are masked. */
function contentPart(
  { response }: Exchange, content: Uint8Array | undefined, size: number, language: Language,
): string[] {
  if (!response || response.statusCode === 0) return [];
  const { headers, contentSize } = response;
  return contentLines(content, contentSize, contentSize - size, headers, language);
}

/** Where a redirect led, why, and what changed on the way. */
function redirectLines(one: Exchange, language: Language): string[] {
  const { location, changes } = one.redirect ?? {};
  if (location === undefined || changes === undefined) return [];
  const told = [...explainRedirect(one, language), ...changes.map((change) => explainRedirectChange(change, language))];
  const shade = (line: string): string => dim(line, terminal());
  const lines = told.flatMap((line) => hang('  ', printable(line.replaceAll('`', '')), terminal(), { shade }));
  return ['', `→ ${printable(location)}`, ...lines];
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

/** How wide standard output is, endless where it is no terminal, and whether it takes colours. */
export function terminal(): Terminal {
  const { stdout, env } = process;
  return {
    columns: stdout.isTTY ? stdout.columns : Infinity,
    colours: stdout.isTTY === true && env.NO_COLOR === undefined,
  };
}
