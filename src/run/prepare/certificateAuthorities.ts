import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { problem } from '../../httpFile/problem.ts';
import type { TrustAnchor } from '../../trace/request.ts';
import type { Preparation } from './preparation.ts';

/** A file that was named for its certificate authorities and gives none; `reason` says why it cannot be read. */
export interface UnreadAuthorities {
  readonly absolute: string;
  readonly reason?: string;
}

/** The setting that names files, which is also how their authorities are told from others. */
export const authoritiesSetting = 'roundtrip.tls.certificateAuthorities';

/** All authorities of the Internet take a quarter of it. */
const largestFile = 1024 * 1024;

/** At most so many files of a setting are looked at. */
const most = 100;

/**
 * The certificate authorities in the files that a setting names, and the files that give none. Paths are relative to
 * `directory`; without one, where the folder is not trusted, relative ones are left out. Reads the files each time.
 */
export async function readAuthorities(
  paths: readonly unknown[], directory: string | undefined,
): Promise<{ readonly anchors: TrustAnchor[]; readonly unread: UnreadAuthorities[] }> {
  const anchors: TrustAnchor[] = [];
  const unread: UnreadAuthorities[] = [];
  for (const path of paths.slice(0, most)) {
    if (typeof path !== 'string' || path.trim() === '') continue;
    const absolute = absolutePath(path.trim(), directory);
    if (absolute === undefined) continue;
    const read = await readAt(absolute);
    if (typeof read === 'string') anchors.push({ pem: read, label: `${authoritiesSetting}: ${path.trim()}` });
    else unread.push(read);
  }
  return { anchors, unread };
}

function absolutePath(path: string, directory: string | undefined): string | undefined {
  if (path.startsWith('~/')) return join(homedir(), path.slice(2));
  if (isAbsolute(path)) return path;
  return directory === undefined ? undefined : resolve(directory, path);
}

async function readAt(absolute: string): Promise<string | UnreadAuthorities> {
  try {
    const found = await stat(absolute);
    if (!found.isFile() || found.size > largestFile) return { absolute, reason: 'no file of at most 1 MiB' };
    return certificatesIn(await readFile(absolute))?.join('\n') ?? { absolute };
  } catch (error) {
    return { absolute, reason: (error as NodeJS.ErrnoException).code ?? (error as Error).message };
  }
}

/** The certificates of a file in PEM or DER, as PEM; undefined when it holds none, or one that cannot be read. */
export function certificatesIn(bytes: Buffer): string[] | undefined {
  const blocks = bytes.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  try {
    return (blocks ?? [bytes]).map((one) => new X509Certificate(one).toString());
  } catch {
    return undefined;
  }
}

/** Tells which files give no authorities: over TLS that keeps a request back, else it is only said. */
export function prepareAuthorities({ request, context, problems }: Preparation, url: string | undefined): void {
  const isOverTls = /^https:/i.test(url ?? '');
  for (const { absolute, reason } of context.unreadAuthorities ?? []) {
    const found = reason === undefined ? problem('authorities-empty', request.urlRange, { absolute })
      : problem('authorities-unreadable', request.urlRange, { absolute, reason });
    problems.push(isOverTls ? found : { ...found, severity: 'warning' });
  }
}
