import { resolve } from 'node:path';

import { certificateWord } from '../httpFile/curl/tls.ts';
import type { HostCertificate } from '../run/prepare/hostCertificates.ts';
import type { TlsVersion, TlsWishes } from '../trace/request.ts';
import { UsageError } from './usageError.ts';

/** What the command line says of TLS. */
export interface TlsArguments {
  /** `--cert`, `--key`, `--pfx`, `--passphrase`: for every request that names no certificate itself. */
  readonly certificates: readonly HostCertificate[];
  readonly tls: TlsWishes | undefined;
  /** `--pcapng FILE` */
  readonly pcapng: string | undefined;
}

/** The options, as curl calls them where it has them. */
export const tlsOptions = {
  cert: { type: 'string', short: 'E' }, key: { type: 'string' }, pfx: { type: 'string' },
  passphrase: { type: 'string' }, 'tlsv1.0': { type: 'boolean' }, 'tlsv1.1': { type: 'boolean' },
  'tlsv1.2': { type: 'boolean' }, 'tlsv1.3': { type: 'boolean' },
  'tls-max': { type: 'string' }, ciphers: { type: 'string' }, 'no-tls-resumption': { type: 'boolean' },
  'key-log': { type: 'string' }, pcapng: { type: 'string' },
} as const;

type Options = typeof tlsOptions;
type Values = { readonly [K in keyof Options]?: Options[K]['type'] extends 'string' ? string : boolean };

/** @throws UsageError where options contradict each other. */
export function tlsArguments(values: Values): TlsArguments {
  return { certificates: certificatesOf(values), tls: wishesOf(values), pcapng: values.pcapng };
}

function certificatesOf({ cert: given, key, pfx, passphrase: said }: Values): HostCertificate[] {
  if (given !== undefined && pfx !== undefined) throw new UsageError('certificates-exclude');
  if (given === undefined && pfx === undefined) {
    if (key !== undefined) throw new UsageError('certificate-wanted', { option: '--key' });
    if (said !== undefined) throw new UsageError('certificate-wanted', { option: '--passphrase' });
    return [];
  }
  const word = given === undefined ? undefined : certificateWord(given);
  const cert = word?.path;
  const passphrase = said ?? word?.passphrase;
  return [{
    host: '*', directory: resolve('.'), from: 'command-line',
    ...(cert === undefined ? {} : { cert }), ...(pfx === undefined ? {} : { pfx }),
    ...(key === undefined ? {} : { key }), ...(passphrase === undefined ? {} : { passphrase }),
  }];
}

function wishesOf(values: Values): TlsWishes | undefined {
  const { ciphers } = values;
  const keyLogFile = values['key-log'];
  const minVersion = (['1.3', '1.2', '1.1', '1.0'] as const).find((version) => values[`tlsv${version}`]);
  const maxVersion = maximum(values['tls-max']);
  if (minVersion !== undefined && maxVersion !== undefined && minVersion > maxVersion) {
    throw new UsageError('tls-versions-exclude', { min: minVersion, max: maxVersion });
  }
  const wishes: TlsWishes = {
    ...(minVersion === undefined ? {} : { minVersion }), ...(maxVersion === undefined ? {} : { maxVersion }),
    ...(ciphers === undefined ? {} : { ciphers }), ...(values['no-tls-resumption'] ? { resumption: false } : {}),
    ...(keyLogFile === undefined ? {} : { keyLogFile: resolve(keyLogFile) }),
  };
  return Object.keys(wishes).length > 0 ? wishes : undefined;
}

function maximum(text: string | undefined): TlsVersion | undefined {
  if (text === undefined || text === 'default') return undefined;
  if (text === '1.0' || text === '1.1' || text === '1.2' || text === '1.3') return text;
  throw new UsageError('bad-tls-version', { text });
}
