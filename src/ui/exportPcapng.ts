import * as vscode from 'vscode';
import type { EngineClient } from '../run/engineClient.ts';
import type { History } from '../run/history/history.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { WireRecord } from '../trace/wireRecord.ts';
import { formatEndpoint } from '../explain/format.ts';
import { chooseExchanges, writeExport } from './exportHar.ts';

/**
 * Asks what and where, warns of what the file holds, and writes packets that Wireshark opens.
 *
 * @param exchangeId the exchange whose send is offered first; absent, the whole history is exported.
 */
export async function exportPcapng(
  history: History, engine: EngineClient, exchangeId?: string,
): Promise<void> {
  const title = vscode.l10n.t('Export Packet Capture');
  await history.load();
  const exchanges = await chooseExchanges(history, exchangeId, title);
  if (!exchanges) return;
  const records = await readRecords(engine, exchanges);
  if (records.size === 0) return void vscode.window.showInformationMessage(vscode.l10n.t(
    'The bytes of these exchanges are no longer there: they are kept in memory for the latest connections, until the window closes. Send the request again, then export.'));
  if (!await mayWrite(title)) return;
  const target = await vscode.window.showSaveDialog({
    title, filters: { [vscode.l10n.t('Packet capture')]: ['pcapng'] }, ...defaultUri(),
  });
  if (target) await writePcapng(target, exchanges, records);
}

/** Writes the connections of exchanges, and says what is missing of them. */
export async function writePcapng(
  target: vscode.Uri, exchanges: readonly Exchange[], records: ReadonlyMap<string, WireRecord>,
): Promise<void> {
  const { toPcapng } = await import('../formats/pcapng.ts');
  const { bytes, missing } = toPcapng(exchanges, records);
  await writeExport(target, bytes);
  if (missing.length === 0) return;
  const hosts = [...new Set(missing.map(({ connection }) => formatEndpoint(connection.host, connection.port)))];
  void vscode.window.showInformationMessage(vscode.l10n.t(
    'Not everything is in the packet capture: only some of the bytes of {0} were kept. Comments in the file say where.',
    hosts.slice(0, 3).join(', ')));
}

/** What the engine still has; an exchange of an earlier session has nothing. */
async function readRecords(engine: EngineClient, exchanges: readonly Exchange[]): Promise<Map<string, WireRecord>> {
  const current = exchanges.filter(({ startedAt }) => startedAt >= (engine.startedAt ?? Infinity));
  const ids = [...new Set(current.flatMap(({ connection }) => connection ? [connection.id] : []))];
  const records = new Map<string, WireRecord>();
  for (const id of ids) {
    const record = await engine.readWire(id);
    if (record) records.set(id, record);
  }
  return records;
}

async function mayWrite(title: string): Promise<boolean> {
  const go = vscode.l10n.t('Export');
  const chosen = await vscode.window.showWarningMessage(title, {
    modal: true,
    detail: vscode.l10n.t(
      'The file will hold every byte that was sent and received on these connections, credentials included, with the keys to decrypt them. Nothing is masked. Whoever has the file can read it all.'),
  }, go);
  return chosen === go;
}

function defaultUri(): { defaultUri?: vscode.Uri } {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder ? { defaultUri: vscode.Uri.joinPath(folder, 'roundtrip.pcapng') } : {};
}
