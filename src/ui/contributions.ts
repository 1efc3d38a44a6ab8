// What the manifest declares, once, as data; test/contributions.test.ts compares it with
// package.json.

import type { TlsVersion } from '../trace/request.ts';

export const languageId = 'http';
export const contentScheme = 'roundtrip';
export const inspectorViewType = 'roundtrip.inspector';
export const labViewId = 'roundtrip.lab';
export const portSetting = 'roundtrip.lab.ports';
export const limitSetting = 'roundtrip.lab.limits';
export const storeSetting = 'roundtrip.lab.sessionStore';
export const walkthroughIds = ['firstRequest', 'lab'] as const;

export const commands = {
  sendRequest: 'roundtrip.sendRequest',
  sendNewConnection: 'roundtrip.sendNewConnection',
  sendAll: 'roundtrip.sendAll',
  cancel: 'roundtrip.cancel',
  startLab: 'roundtrip.startLab',
  stopLab: 'roundtrip.stopLab',
  restartLab: 'roundtrip.restartLab',
  startLabServer: 'roundtrip.startLabServer',
  stopLabServer: 'roundtrip.stopLabServer',
  restartLabServer: 'roundtrip.restartLabServer',
  addLabWorker: 'roundtrip.addLabWorker',
  killLabWorker: 'roundtrip.killLabWorker',
  clearLabSessions: 'roundtrip.clearLabSessions',
  copyLabAddress: 'roundtrip.copyLabAddress',
  openLabSample: 'roundtrip.openLabSample',
  openInspector: 'roundtrip.openInspector',
  copyAsCurl: 'roundtrip.copyAsCurl',
  saveBody: 'roundtrip.saveBody',
  exportHar: 'roundtrip.exportHar',
  exportPcapng: 'roundtrip.exportPcapng',
  clearHistory: 'roundtrip.clearHistory',
  clearCookies: 'roundtrip.clearCookies',
  showCookies: 'roundtrip.showCookies',
  forgetAnswers: 'roundtrip.forgetAnswers',
  openSample: 'roundtrip.openSample',
  showLog: 'roundtrip.showLog',
  pasteCurl: 'roundtrip.pasteCurl',
  selectEnvironment: 'roundtrip.selectEnvironment',
  setSecret: 'roundtrip.setSecret',
  deleteSecret: 'roundtrip.deleteSecret',
} as const;

export const contextKeys = {
  labRunning: 'roundtrip:labRunning',
  sending: 'roundtrip:sending',
  /** The name of the sample opened last: a step of the walkthrough is done when its sample was. */
  openedSample: 'roundtrip:openedSample',
} as const;

/**
 * Settings without their prefix `roundtrip.`, and their defaults. Times in ms, sizes in MiB, of heads and in memory in
 * KiB.
 */
export const settingDefaults = {
  'timeouts.dns': 0,
  'timeouts.connect': 10_000,
  'timeouts.tls': 10_000,
  'timeouts.head': 60_000,
  'timeouts.idle': 60_000,
  'timeouts.total': 0,
  'content.maxSize': 1024,
  'content.maxExpansion': 1000,
  'content.maxCodings': 5,
  'content.maxInMemory': 1024,
  'tls.verify': true,
  'tls.certificateAuthorities': [] as readonly unknown[],
  'tls.clientCertificates': [] as readonly unknown[],
  'tls.minVersion': '' as TlsVersion | '',
  'tls.maxVersion': '' as TlsVersion | '',
  'tls.ciphers': '',
  'tls.resumption': true,
  'tls.keyLogFile': '',
  'http.followRedirects': true,
  'http.maxRedirects': 20,
  'http.maxConnections': 6,
  'http.maxHeadSize': 64,
  'http.maxFields': 256,
  'http.maxInterimResponses': 32,
  'cookies.enabled': true,
  'cookies.store': 'memory' as 'memory' | 'workspace',
  'cookies.maxSize': 4096,
  'cookies.maxAttributeSize': 1024,
  'cookies.maxDays': 400,
  'cookies.maxPerDomain': 50,
  'cookies.maxTotal': 3000,
  'proxy.url': '',
  'dns.servers': [] as readonly unknown[],
  'dns.httpsRecords': 'on' as 'on' | 'show' | 'off',
  'dns.tries': 0,
  'dns.maxAliases': 16,
  'dns.maxReferrals': 32,
  'dns.maxQueries': 60,
  'dns.maxNameServers': 13,
  'dns.maxAddresses': 8,
  'lab.autoStart': true,
  'lab.ports': {} as Readonly<Record<string, unknown>>,
  'lab.limits': {} as Readonly<Record<string, unknown>>,
  'lab.sessionStore': 'memory',
  'codeLens.enabled': true,
  'history.limit': 200,
  'inlayHints.enabled': false,
  'markdown.enabled': true,
  'variables.scope': 'nearest' as 'nearest' | 'last',
  'variables.escapes': true,
  bodyComments: 'auto' as 'auto' | 'strip' | 'keep',
  'include.substitute': 'never' as 'never' | 'always',
  'engine.nodePath': '',
};

export type Settings = typeof settingDefaults;
