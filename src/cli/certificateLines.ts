import { explainChain, explainPlace, explainValidity } from '../explain/certificates.ts';
import { formatMoment } from '../explain/format.ts';
import { commonName } from '../explain/names.ts';
import { heldNames } from '../explain/serverIdentity.ts';
import { inspectorTexts } from '../explain/text/inspector.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import { explainChainRemarks, explainSentChain, unjudgedChain } from '../explain/tlsChain.ts';
import type { ChainFacts } from '../explain/tlsChain.ts';
import type { Held } from '../explain/tlsFacts.ts';
import type { CertificateFacts, TlsFacts } from '../trace/tls/facts.ts';
import type { TlsSeen } from '../trace/tls/message.ts';
import { dim, printable } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { hang, padded, widest } from './columns.ts';
import { mark } from './factLines.ts';

/** The chain that was verified, the server's own certificate first, with the verdict on it; `indent` spaces before. */
export function chainLines(
  facts: TlsFacts, { asked, now }: Held, indent: number, language: Language, terminal: Terminal,
): string[] {
  const { certificateChain: chain } = facts;
  if (chain.length === 0) return [];
  const { tone, text } = explainChain(facts, asked, now, language);
  const verdict = `${mark(tone === 'unverified' ? 'warn' : tone, terminal)}${printable(text)}`;
  const title = say(inspectorTexts, language, 'certificate-chain');
  return [
    ...hang(`${' '.repeat(indent)}${title}  `, verdict, terminal),
    ...certificateRows(chain, { asked, now }, indent, language, terminal),
  ];
}

/** Those of a handshake that broke off before they were judged. */
export function unjudgedLines(
  seen: TlsSeen | undefined, held: Held, indent: number, language: Language, terminal: Terminal,
): string[] {
  const facts = unjudgedChain(seen);
  if (!facts) return [];
  return [
    ...hang(' '.repeat(indent), say(inspectorTexts, language, 'sent-unjudged'), terminal),
    ...certificateRows(facts.certificateChain, held, indent, language, terminal),
    ...sentChainLines(facts, seen, held, indent, language, terminal),
  ];
}

function certificateRows(
  chain: readonly CertificateFacts[], { asked, now }: Held, indent: number, language: Language, terminal: Terminal,
): string[] {
  const space = ' '.repeat(indent);
  const names = chain.map(({ subject }) => printable(commonName(subject)));
  const width = widest(names);
  return chain.flatMap((certificate, index) => {
    const head = `${space}  ${index + 1}  ${padded(names[index]!, width)}  `;
    const place = index === 0
      ? nameText(certificate, asked, language, terminal) : explainPlace(certificate, language);
    const parts = [place, timeText(certificate, now, language, terminal)].filter((part) => part !== '');
    return parts.flatMap((part, line) =>
      hang(line === 0 ? head : ' '.repeat(indent + width + 7), part, terminal, { gap: separator }));
  });
}

const separator = ' · ';

function timeText(certificate: CertificateFacts, now: number, language: Language, terminal: Terminal): string {
  const { publicKey, validFrom, validTo } = certificate;
  const span = say(inspectorTexts, language, 'valid-span', {
    from: formatMoment(validFrom, language), to: formatMoment(validTo, language),
  });
  const isInTime = validFrom <= now && now <= validTo;
  const left = `${mark(isInTime ? undefined : 'bad', terminal)}${explainValidity(certificate, now, language)}`;
  return [publicKey, span, left].join(separator);
}

/** Each name with its verdict. */
function nameText(certificate: CertificateFacts, asked: string, language: Language, terminal: Terminal): string {
  const { names, left } = heldNames(certificate, asked, language);
  const held = names.map(({ name, fits, note }) => {
    const told = printable(note === undefined ? name : `${name} (${note})`);
    return fits ? `${mark(note === undefined ? 'good' : 'warn', terminal)}${told}` : dim(`✗ ${told}`, terminal);
  });
  const more = left > 0 ? [say(inspectorTexts, language, 'more-names', { count: left })] : [];
  return [...held, ...more].join(separator);
}

/** The certificates as the server sent them, and what is wrong with that; `indent` spaces before. */
export function sentChainLines(
  facts: ChainFacts, seen: TlsSeen | undefined, { now }: Held, indent: number, language: Language, terminal: Terminal,
): string[] {
  const rows = explainSentChain(facts, seen, language) ?? [];
  const remarks = explainChainRemarks(facts, seen, now, language);
  const space = ' '.repeat(indent);
  const width = widest(rows.map(({ name }) => name));
  return [
    ...(rows.length === 0 ? [] : [`${space}${say(inspectorTexts, language, 'as-sent')}`]),
    ...rows.map(({ name, note, good }, index) => {
      const told = good ? dim(note, terminal) : `${mark('warn', terminal)}${note}`;
      return `${space}  ${index + 1}  ${padded(printable(name), width)}  ${told}`;
    }),
    ...remarks.flatMap(({ tone, text }) =>
      hang(`${space}  ${mark(tone, terminal)}`, printable(text.replaceAll('`', '')), terminal)),
  ];
}
