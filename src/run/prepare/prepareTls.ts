import { problem } from '../../httpFile/problem.ts';
import type { SendOptions, TlsVersion, TlsWishes } from '../../trace/request.ts';
import type { Preparation } from './preparation.ts';

/** What `# @tls-version`, `# @tls-ciphers` and `# @no-tls-resumption` say, on top of the settings. */
export function prepareTls({ request, context, resolve, problems }: Preparation): Pick<SendOptions, 'tls'> {
  const tls: { -readonly [K in keyof TlsWishes]: TlsWishes[K] } = { ...context.options?.tls };
  for (const { key, value, range } of request.metadata) {
    if (key === 'no-tls-resumption') tls.resumption = false;
    if (key !== 'tls-version' && key !== 'tls-ciphers') continue;
    const { text, faults } = resolve(value);
    for (const { code, places } of faults) problems.push(problem(code, range, places));
    if (faults.length > 0) continue;
    const versions = key === 'tls-version' ? parseVersions(text) : undefined;
    if (key === 'tls-version' && !versions) problems.push(problem('tls-version-invalid', range, { value: text }));
    // SAFETY: how weak a connection may be is not for a folder that nobody trusts.
    else if (!context.trusted && !isStrong(versions)) problems.push(problem('tls-ignored', range, { key }));
    else if (!versions) tls.ciphers = text;
    else {
      delete tls.minVersion;
      delete tls.maxVersion;
      Object.assign(tls, versions);
    }
  }
  return Object.keys(tls).length > 0 ? { tls } : {};
}

type Versions = Pick<TlsWishes, 'minVersion' | 'maxVersion'>;

/** `1.2`, `1.2..1.3`, `1.2..` or `..1.2`, each with or without `TLS` or `TLSv` before it; else undefined. */
export function parseVersions(text: string): Versions | undefined {
  const ends = text.split('..', 3).map((end) => versionIn(end.trim()));
  if (ends.includes('unknown') || ends.length > 2) return undefined;
  const [min, max = ends.length === 1 ? min : undefined] = ends as (TlsVersion | undefined)[];
  if (min === undefined && max === undefined) return undefined;
  if (min !== undefined && max !== undefined && min > max) return undefined;
  return {
    ...(min === undefined ? {} : { minVersion: min }), ...(max === undefined ? {} : { maxVersion: max }),
  };
}

function versionIn(text: string): TlsVersion | 'unknown' | undefined {
  if (text === '') return undefined;
  return (/^(?:tls ?v?)?(1\.[0-3])$/i.exec(text)?.[1] as TlsVersion | undefined) ?? 'unknown';
}

function isStrong(versions: Versions | undefined): boolean {
  return versions !== undefined && (versions.minVersion ?? '1.2') >= '1.2' && (versions.maxVersion ?? '1.2') >= '1.2';
}
