import type { Language } from './text/language.ts';

const localeOf: Readonly<Record<Language, string>> = { en: 'en-GB', ko: 'ko-KR' };

/**
 * A duration in ms as people read it: `0.04 ms`, `8.1 ms`, `134 ms`, `1.23 s`, `2 min 5 s`.
 * The number of digits says how exact the figure is.
 */
export function formatDuration(ms: number, language: Language = 'en'): string {
  if (ms < 0.005) return '<0.01 ms';
  if (ms < 0.095) return `${ms.toFixed(2)} ms`;
  if (ms < 99.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const rest = seconds % 60;
  return language === 'ko'
    ? `${Math.floor(seconds / 60)}분 ${rest}초`
    : `${Math.floor(seconds / 60)} min ${rest} s`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A number of bytes in decimal units: `412 B`, `1.2 kB`, `34 MB`. */
export function formatSize(bytes: number, language: Language = 'en'): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${formatNumber(value, language, digits)} ${units[unit]}`;
}

/** A number with the language's separators and at most `digits` decimals. */
export function formatNumber(value: number, language: Language, digits = 0): string {
  return new Intl.NumberFormat(localeOf[language], { maximumFractionDigits: digits }).format(value);
}

/** A rate in bytes a second: `3.5 MB/s`. */
export function formatRate(bytes: number, ms: number, language: Language = 'en'): string {
  return `${formatSize((bytes * 1000) / ms, language)}/s`;
}

/**
 * A moment (epoch ms) as a date and time in UTC, where certificates and cookies are at home;
 * `medium` has seconds.
 */
export function formatMoment(
  epoch: number,
  language: Language,
  timeStyle: 'short' | 'medium' = 'short',
): string {
  if (!Number.isFinite(epoch)) return '–';
  const format = new Intl.DateTimeFormat(localeOf[language], {
    dateStyle: 'medium', timeStyle, timeZone: 'UTC',
  });
  return `${format.format(epoch)} UTC`;
}

/** Seconds as a lifetime: `45 s`, `5 min`, `2 h`, `30 days`; whole units, rounded down. */
export function formatLifetime(seconds: number, language: Language = 'en'): string {
  const [value, unit] = seconds < 120 ? [seconds, 's'] as const
    : seconds < 7200 ? [seconds / 60, 'min'] as const
      : seconds < 172_800 ? [seconds / 3600, 'h'] as const
        : [seconds / 86_400, 'days'] as const;
  const count = Math.floor(value);
  if (language === 'en') return `${count} ${unit}`;
  return `${count}${{ s: '초', min: '분', h: '시간', days: '일' }[unit]}`;
}

/** An address and port as in a URL: an IPv6 address goes in brackets (RFC 3986 §3.2.2). */
export function formatEndpoint(address: string, port?: number): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return port === undefined ? host : `${host}:${port}`;
}

/** `HTTP/1.1`, `HTTP/2`. */
export function formatHttpVersion(version: '1.0' | '1.1' | '2'): string {
  return `HTTP/${version}`;
}

/** `TLS 1.3` for OpenSSL's `TLSv1.3`. */
export function formatTlsVersion(version: string): string {
  return version.replace(/^TLSv1$/, 'TLS 1.0').replace(/^TLSv/, 'TLS ');
}

/**
 * The first `limit` characters, with an ellipsis when something was left out. Never splits a
 * character.
 */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${Array.from(text.slice(0, limit)).slice(0, -1).join('')}…`;
}
