import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { DialectOptions } from '../httpFile/dialect.ts';
import { certificatesByHost, certificatesIn } from '../run/prepare/hostCertificates.ts';
import type { HostCertificate } from '../run/prepare/hostCertificates.ts';
import type { DefaultHeaders } from '../run/prepare/preparation.ts';
import { proxyEnvironment } from '../trace/proxyDecision.ts';
import type { ProxySources } from '../trace/proxyDecision.ts';
import { mostCookieLimits, mostLookupLimits } from '../trace/request.ts';
import type { CookieLimits, LookupLimits, SendOptions } from '../trace/request.ts';
import { settingDefaults } from './contributions.ts';
import type { Settings } from './contributions.ts';

/** The value of a setting for a file (or in general); the default where it has the wrong type. */
export function setting<K extends keyof Settings>(name: K, scope?: vscode.Uri): Settings[K] {
  const value: unknown = vscode.workspace.getConfiguration('roundtrip', scope).get(name);
  return typeof value === typeof settingDefaults[name]
    ? (value as Settings[K])
    : settingDefaults[name];
}

/** The limit of the history takes effect when it is changed. */
export function watchHistoryLimit(history: { setLimit(limit: number): void }): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('roundtrip.history')) history.setLimit(setting('history.limit'));
  });
}

/** How requests of a file are sent, as far as it does not depend on their host. */
export function sendOptions(scope: vscode.Uri): SendOptions {
  return {
    timeouts: {
      dns: setting('timeouts.dns', scope),
      connect: setting('timeouts.connect', scope),
      tls: setting('timeouts.tls', scope),
      head: setting('timeouts.head', scope),
      idle: setting('timeouts.idle', scope),
      total: setting('timeouts.total', scope),
    },
    headLimits: {
      size: within(1, setting('http.maxHeadSize', scope), 1024) * 1024,
      fields: within(1, setting('http.maxFields', scope), 10_000),
      interimResponses: within(1, setting('http.maxInterimResponses', scope), 1000),
    },
    lookupLimits: lookupLimits(scope),
    cookieLimits: cookieLimits(scope),
    contentLimits: {
      size: orNone(setting('content.maxSize', scope)) * 1024 ** 2,
      expansion: orNone(setting('content.maxExpansion', scope)),
      codings: setting('content.maxCodings', scope),
      memory: setting('content.maxInMemory', scope) * 1024,
    },
    asksBeyondLimits: true,
    verify: setting('tls.verify', scope),
    ...tlsWishes(scope),
    ...nameServers(scope),
    followRedirects: setting('http.followRedirects', scope),
    maxRedirects: setting('http.maxRedirects', scope),
    maxConnections: Math.max(1, setting('http.maxConnections', scope)),
    httpsRecords: oneOf(setting('dns.httpsRecords', scope), ['on', 'show', 'off'], 'on'),
    // In a folder that is not trusted, cookies of earlier sends stay out of its requests.
    useCookieJar: vscode.workspace.isTrusted && setting('cookies.enabled', scope),
  };
}

/** For requests that name none themselves. */
function nameServers(scope: vscode.Uri): Pick<SendOptions, 'dns'> {
  const servers = setting('dns.servers', scope).filter((server) => typeof server === 'string');
  return servers.length > 0 ? { dns: servers.join(', ') } : {};
}

function oneOf<T>(value: T, known: readonly T[], otherwise: T): T {
  return known.includes(value) ? value : otherwise;
}

/** Of tries the system's configuration has the first word, unless they are set. */
function lookupLimits(scope: vscode.Uri): Partial<LookupLimits> {
  const most = mostLookupLimits;
  const tries = setting('dns.tries', scope);
  return {
    ...(tries > 0 ? { tries: within(1, tries, most.tries) } : {}),
    aliases: within(1, setting('dns.maxAliases', scope), most.aliases),
    referrals: within(1, setting('dns.maxReferrals', scope), most.referrals),
    queries: within(1, setting('dns.maxQueries', scope), most.queries),
    nameServers: within(1, setting('dns.maxNameServers', scope), most.nameServers),
    addresses: within(1, setting('dns.maxAddresses', scope), most.addresses),
  };
}

function cookieLimits(scope: vscode.Uri): CookieLimits {
  const most = mostCookieLimits;
  return {
    size: within(1, setting('cookies.maxSize', scope), most.size),
    attribute: within(1, setting('cookies.maxAttributeSize', scope), most.attribute),
    days: within(1, setting('cookies.maxDays', scope), most.days),
    perDomain: within(1, setting('cookies.maxPerDomain', scope), most.perDomain),
    total: within(1, setting('cookies.maxTotal', scope), most.total),
  };
}

/** The editor marks what is beyond, and gives it all the same. */
function within(least: number, value: number, most: number): number {
  return Math.min(Math.max(least, value), most);
}

/** 0 is no limit. */
function orNone(limit: number): number {
  return limit > 0 ? limit : Infinity;
}

/** What the settings ask of TLS; in a folder that is not trusted its own settings do not count. */
function tlsWishes(scope: vscode.Uri): Pick<SendOptions, 'tls'> {
  const minVersion = oneOf(setting('tls.minVersion', scope), tlsVersions, '');
  const maxVersion = oneOf(setting('tls.maxVersion', scope), tlsVersions, '');
  const ciphers = setting('tls.ciphers', scope);
  const http = vscode.workspace.getConfiguration('http', scope);
  const keyLogFile = keyLogPath(setting('tls.keyLogFile', scope), scope);
  const tls = {
    ...(minVersion === '' ? {} : { minVersion }), ...(maxVersion === '' ? {} : { maxVersion }),
    ...(ciphers === '' ? {} : { ciphers }), ...(setting('tls.resumption', scope) ? {} : { resumption: false }),
    ...(keyLogFile === '' ? {} : { keyLogFile }),
    // The editor's own: whether its programs trust whom the operating system trusts.
    ...(http.get('systemCertificates') === false ? { systemRoots: false } : {}),
  };
  return Object.keys(tls).length > 0 ? { tls } : {};
}

const tlsVersions = ['', '1.0', '1.1', '1.2', '1.3'] as const;

/** The variable's name means the file that it names; it is not read otherwise. */
function keyLogPath(written: string, scope: vscode.Uri): string {
  const path = written === 'SSLKEYLOGFILE' ? process.env['SSLKEYLOGFILE'] ?? '' : written;
  if (path === '') return '';
  return path.startsWith('~/') ? join(homedir(), path.slice(2))
    : resolve(vscode.workspace.getWorkspaceFolder(scope)?.uri.fsPath ?? homedir(), path);
}

/** Certificates of our own by host: our setting's before REST Client's. None in a workspace that is not trusted. */
export function clientCertificates(scope: vscode.Uri, directory: string): HostCertificate[] {
  if (!vscode.workspace.isTrusted) return [];
  const others: unknown = vscode.workspace.getConfiguration('rest-client', scope).get('certificates');
  return [
    ...certificatesIn(setting('tls.clientCertificates', scope), directory, 'settings'),
    ...certificatesByHost(others, directory, 'settings'),
  ];
}

/** How a file is read where tools differ. */
export function dialectOptions(scope: vscode.Uri): DialectOptions {
  return {
    bodyComments: setting('bodyComments', scope),
    scope: setting('variables.scope', scope),
    substitute: setting('include.substitute', scope),
    escapes: setting('variables.escapes', scope),
  };
}

/**
 * REST Client's headers for all requests, as far as somebody has set them: its own defaults are not meant. None in a
 * workspace that is not trusted.
 */
export function foreignHeaders(scope: vscode.Uri): { defaultHeaders?: DefaultHeaders } {
  if (!vscode.workspace.isTrusted) return {};
  const found = vscode.workspace.getConfiguration('rest-client', scope).inspect('defaultHeaders');
  const set = [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue].filter(isRecord);
  const texts = Object.entries(Object.assign({}, ...set) as object).filter(([, value]) => typeof value === 'string');
  return texts.length > 0 ? { defaultHeaders: Object.fromEntries(texts) } : {};
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Who names proxies here: our own setting, the editor's, and the environment the editor was started with. */
export function proxySources(scope: vscode.Uri): ProxySources {
  const editor = vscode.workspace.getConfiguration('http', scope);
  const authorization: unknown = editor.get('proxyAuthorization');
  return {
    setting: setting('proxy.url', scope),
    editor: {
      proxy: editor.get<string>('proxy') ?? '',
      support: editor.get<string>('proxySupport') ?? 'override',
      noProxy: editor.get<string[]>('noProxy') ?? [],
      strictSsl: editor.get<boolean>('proxyStrictSSL') ?? true,
      ...(typeof authorization === 'string' ? { authorization } : {}),
    },
    environment: proxyEnvironment(process.env),
  };
}
