import type { TlsExtension, TlsField, TlsMessage } from '../trace/tls/message.ts';
import { formatDuration, formatLifetime } from './format.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import { tlsAlertTexts } from './text/tlsAlert.ts';
import { tlsExtensionTexts } from './text/tlsExtension.ts';
import { tlsFieldTexts, tlsMessageTexts } from './text/tlsMessage.ts';

/** The name as RFCs print it: `ClientHello` for `client_hello`. */
export function tlsMessageTitle({ name }: TlsMessage, language: Language): string {
  if (name === 'not_tls' || name === 'unreadable') return say(tlsFieldTexts, language, name);
  return name.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** What a message is for, in a sentence or two; of an alert also what this one says. */
export function explainTlsMessage(message: TlsMessage, language: Language): string {
  return say(tlsMessageTexts, language, message.name);
}

/** What an extension is for; undefined for one that is not known here. */
export function explainTlsExtension({ name }: TlsExtension, language: Language): string | undefined {
  const id = name.startsWith('GREASE') ? 'grease' : name;
  const isKnown = Object.hasOwn(tlsExtensionTexts, id);
  return isKnown ? say(tlsExtensionTexts, language, id as keyof typeof tlsExtensionTexts) : undefined;
}

/** What an alert means in a few words; undefined for one that is not known here. */
export function explainAlert(name: string, language: Language): string | undefined {
  const isKnown = Object.hasOwn(tlsAlertTexts, name);
  return isKnown ? say(tlsAlertTexts, language, name as keyof typeof tlsAlertTexts) : undefined;
}

/** What the server chose. */
interface ServerChoice {
  /** `TLS 1.3` */
  readonly version: string;
  readonly cipher: string;
  /** One name or none; absent where the message that would tell was not read. */
  readonly alpn?: readonly string[];
}

/** What the server chose, as its messages tell it; undefined as long as there is no ServerHello. */
export function choiceIn(messages: readonly TlsMessage[] = []): ServerChoice | undefined {
  const hello = messages.find(({ name }) => name === 'server_hello');
  if (!hello) return undefined;
  const version = chosenVersion(hello);
  // RFC 8446 §4.3.1: there since TLS 1.3.
  const teller = version === 'TLS 1.3' ? messages.find(({ name }) => name === 'encrypted_extensions') : hello;
  return {
    version, cipher: valueOf(hello, 'cipher_suite') ?? '',
    ...(teller ? { alpn: extension(teller, 'application_layer_protocol_negotiation') } : {}),
  };
}

/** When a message passed, from the start of the handshake: `0 ms` for the first one. */
export function tlsMessageTime({ at }: TlsMessage, startAt: number, language: Language): string {
  return at <= startAt ? '0 ms' : formatDuration(at - startAt, language);
}

/** The label of a part of a message. */
export function tlsFieldLabel({ name, values }: TlsField, language: Language): string {
  return say(tlsFieldTexts, language, name, { count: values.length });
}

/** A part's values as they are shown. */
export function tlsFieldText({ name, values }: TlsField, language: Language): string {
  return name === 'lifetime' ? formatLifetime(Number(values[0]), language) : values.join(', ');
}

/** Breaks off the connection, or is no TLS at all. */
export function isBadTlsMessage(message: TlsMessage): boolean {
  if (message.name === 'not_tls' || message.malformed) return true;
  return message.name === 'alert' && valueOf(message, 'level') === 'fatal';
}

/** What a message says, in a few words for one line. */
export function summarizeTlsMessage(message: TlsMessage, language: Language): string {
  const parts = message.malformed ? [say(tlsFieldTexts, language, 'malformed')] : [];
  return [...parts, ...summaryOf(message, language)].filter((part) => part !== '').join(' · ');
}

function summaryOf(message: TlsMessage, language: Language): string[] {
  const value = (name: TlsField['name']): string => valueOf(message, name) ?? '';
  switch (message.name) {
    case 'client_hello': return helloSummary(message, language);
    case 'server_hello': return [
      chosenVersion(message), value('cipher_suite'), withoutSize(extension(message, 'key_share')[0] ?? ''),
      extension(message, 'pre_shared_key').length > 0 ? say(tlsFieldTexts, language, 'resumed') : '', alpnOf(message),
    ];
    case 'hello_retry_request': {
      const [group] = extension(message, 'key_share');
      return group === undefined ? [] : [say(tlsFieldTexts, language, 'wants-group', { group })];
    }
    case 'encrypted_extensions': return [alpnOf(message)];
    case 'certificate': return certificateSummary(message, language);
    case 'certificate_verify': return [value('signature_scheme')];
    case 'server_key_exchange': return [value('group'), value('signature_scheme')];
    case 'new_session_ticket':
      return [say(tlsFieldTexts, language, 'valid-for', { time: formatLifetime(Number(value('lifetime')), language) })];
    case 'certificate_status': return [value('status')];
    case 'compressed_certificate': return [value('algorithm'), value('certificates')];
    case 'key_update': return [value('request_update')];
    case 'alert': return alertSummary(message, language);
    case 'not_tls': return [value('text')];
    case 'unknown_handshake': return [value('type')];
    default: return [];
  }
}

function helloSummary(message: TlsMessage, language: Language): string[] {
  const versions = extension(message, 'supported_versions');
  const suites = message.fields.find(({ name }) => name === 'cipher_suites')?.values ?? [];
  const names = extension(message, 'server_name');
  return [
    versions.filter((version) => !version.startsWith('GREASE')).join(', ') || valueOf(message, 'version') || '',
    say(tlsFieldTexts, language, 'suites', { count: suites.length }), ...names, alpnOf(message),
    ...(extension(message, 'pre_shared_key').length > 0 ? [say(tlsFieldTexts, language, 'resumes')] : []),
  ];
}

function certificateSummary({ fields }: TlsMessage, language: Language): string[] {
  const certificates = fields.find(({ name }) => name === 'certificates')?.values ?? [];
  if (certificates.length === 0) return [say(tlsFieldTexts, language, 'no-certificate')];
  const id = certificates.length === 1 ? 'certificate-sent' : 'certificates-sent';
  return [say(tlsFieldTexts, language, id, { count: certificates.length }), withoutSize(certificates[0]!)];
}

function alertSummary(message: TlsMessage, language: Language): string[] {
  const name = valueOf(message, 'description') ?? '';
  return [valueOf(message, 'level') ?? '', name, explainAlert(name, language) ?? ''];
}

function chosenVersion(message: TlsMessage): string {
  return extension(message, 'supported_versions')[0] ?? valueOf(message, 'version') ?? '';
}

function alpnOf(message: TlsMessage): string {
  const names = extension(message, 'application_layer_protocol_negotiation');
  return names.length === 0 ? '' : `ALPN ${names.join(', ')}`;
}

function extension({ extensions }: TlsMessage, wanted: string): readonly string[] {
  return extensions?.find(({ name }) => name === wanted)?.values ?? [];
}

function valueOf({ fields }: TlsMessage, wanted: TlsField['name']): string | undefined {
  return fields.find(({ name }) => name === wanted)?.values[0];
}

function withoutSize(text: string): string {
  return text.replace(/ \(\d+ B\)$/, '');
}
