import type { CliText } from '../explain/text/cli.ts';
import { toPcapng } from '../formats/pcapng.ts';
import { writeWhole } from '../run/wholeFile.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { WireRecord } from '../trace/wireRecord.ts';
import type { Client } from '../wire/client.ts';
import { UsageError } from './usageError.ts';

/**
 * Writes the packets of exchanges as a file that only its owner may read, and says what it holds and what it lacks.
 *
 * @throws UsageError when the file cannot be written.
 */
export async function writePcapng(
  exchanges: readonly Exchange[], client: Pick<Client, 'readWire'>, file: string,
  tell: (id: CliText, places: Record<string, string>) => void,
): Promise<void> {
  const ids = new Set(exchanges.flatMap(({ connection }) => connection ? [connection.id] : []));
  const records = new Map<string, WireRecord>();
  for (const id of ids) {
    const record = client.readWire(id);
    if (record) records.set(id, record);
  }
  const { bytes, missing } = toPcapng(exchanges, records);
  try {
    await writeWhole(file, [bytes]);
  } catch (error) {
    throw new UsageError('file-unwritable', { file, reason: (error as Error).message });
  }
  for (const { connection, what } of missing) {
    const host = `${connection.host}:${connection.port}`;
    tell(what === 'some-bytes' ? 'pcapng-partly' : 'pcapng-missing', { file, host });
  }
  tell('pcapng-secret', { file });
}
