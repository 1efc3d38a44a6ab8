import { toHar } from '../formats/har.ts';
import { writeWhole } from '../run/wholeFile.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { Client } from '../wire/client.ts';
import { UsageError } from './usageError.ts';

/** The largest content written into an HTTP Archive, in bytes. */
const archivedContent = 16 * 1024 * 1024;

/**
 * `--har`: writes exchanges with their contents as an HTTP Archive that only its owner may read.
 *
 * @throws UsageError when the file cannot be written.
 */
export async function writeHar(
  exchanges: readonly Exchange[], client: Pick<Client, 'readContent'>, path: string, includeSecrets: boolean,
): Promise<void> {
  const contents = new Map<string, Uint8Array>();
  for (const one of exchanges) {
    const content = await client.readContent(one.id, 0, archivedContent);
    if (content) contents.set(one.id, content.bytes);
  }
  const har = toHar(exchanges, contents, { includeSecrets });
  try {
    await writeWhole(path, [Buffer.from(`${JSON.stringify(har, undefined, 2)}\n`)]);
  } catch (error) {
    throw new UsageError('file-unwritable', { file: path, reason: (error as Error).message });
  }
}
