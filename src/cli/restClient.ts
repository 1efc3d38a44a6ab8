import { join } from 'node:path';

import { readBounded } from '../run/environments/files.ts';
import type { DefaultHeaders } from '../run/prepare/preparation.ts';
import { certificatesByHost } from '../run/prepare/hostCertificates.ts';
import type { HostCertificate } from '../run/prepare/hostCertificates.ts';
import { defaultHeadersIn } from '../run/prepare/prepareHeaders.ts';

/** What projects keep for REST Client in their settings for VS Code. */
interface RestClientSettings {
  /** The value of `rest-client.environmentVariables`. */
  readonly environments: unknown;
  /** The value of `rest-client.defaultHeaders`. */
  readonly headers: DefaultHeaders | undefined;
  /** Of `rest-client.certificates`; paths are relative to the folder of the settings. */
  readonly certificates: readonly HostCertificate[];
}

/** Of each setting the one nearest to the request file, from its folder upwards; `folders` begins with that. */
export async function readRestClient(folders: readonly string[]): Promise<RestClientSettings> {
  let environments: unknown;
  let headers: DefaultHeaders | undefined;
  const certificates: HostCertificate[] = [];
  for (const folder of folders) {
    const settings = await settingsIn(folder);
    environments ??= settings['rest-client.environmentVariables'];
    headers ??= defaultHeadersIn(settings['rest-client.defaultHeaders']);
    certificates.push(...certificatesByHost(settings['rest-client.certificates'], folder, 'settings'));
  }
  return { environments, headers, certificates };
}

async function settingsIn(folder: string): Promise<Record<string, unknown>> {
  const file = await readBounded(join(folder, '.vscode', 'settings.json'));
  if (!file || 'code' in file || !file.text.includes('rest-client.')) return {};
  const { parse } = await import('jsonc-parser');
  try {
    const settings: unknown = parse(file.text);
    return typeof settings === 'object' && settings !== null ? settings as Record<string, unknown> : {};
  } catch {
    // The parser calls itself for each level of brackets, and there are too many.
    return {};
  }
}
