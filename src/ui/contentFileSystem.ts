import * as vscode from 'vscode';
import type { History } from '../run/history/history.ts';
import { findCharset } from '../trace/charset.ts';
import type { Exchange } from '../trace/exchange.ts';
import { createSecretMask } from '../trace/secretValues.ts';
import { windowsOf } from './contents.ts';
import type { ReadContent } from './contents.ts';
import { certificatesPath, contentPath, parseContentPath, wirePath } from './contentUri.ts';
import type { DocumentKind } from './contentUri.ts';
import { contentScheme } from './contributions.ts';
import { wireDocumentOf } from './wire.ts';
import type { ReadWire } from './wire.ts';

/** An editor takes a file whole; beyond this many bytes it is told to save the content instead. */
const largestFile = 256 * 1024 * 1024;

/**
 * Contents and certificates of exchanges, and what went over the wire, as read-only files, so that search, folding, hex
 * and diff come from VS Code.
 */
export function registerContentFileSystem(
  history: History,
  read: ReadContent,
  readWire: ReadWire,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const documentOf = async (exchange: Exchange, kind: 'certificates' | 'wire'): Promise<Uint8Array> =>
    kind === 'certificates' ? certificatesOf(exchange) : wireDocumentOf(exchange, await readWire(exchange));
  const provider: vscode.FileSystemProvider = {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => {}),
    stat: async (uri) => {
      const { exchange, kind } = await find(history, uri);
      return {
        type: vscode.FileType.File,
        ctime: exchange.startedAt,
        mtime: exchange.startedAt,
        size:
          kind === 'content'
            ? (exchange.response?.contentSize ?? 0)
            : (await documentOf(exchange, kind)).length,
        permissions: vscode.FilePermission.Readonly,
      };
    },
    readFile: async (uri) => {
      const { exchange, kind } = await find(history, uri);
      return kind === 'content' ? readWhole(exchange, read) : documentOf(exchange, kind);
    },
    readDirectory: (uri) => {
      throw vscode.FileSystemError.FileNotADirectory(uri);
    },
    writeFile: refuse,
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  };
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerFileSystemProvider(contentScheme, provider, {
      isReadonly: true,
      isCaseSensitive: true,
    }),
  );
}

/** Opens the content with whatever editor VS Code has for its kind; text in the charset it is in. */
export async function openContent(exchange: Exchange, read: ReadContent): Promise<void> {
  const uri = vscode.Uri.from({ scheme: contentScheme, path: contentPath(exchange) });
  const encoding = await encodingOf(exchange, read);
  // Once opened with an encoding, the document keeps it.
  if (encoding !== undefined) await vscode.workspace.openTextDocument(uri, { encoding });
  await openBesideInspector(uri.path);
}

/** What VS Code calls the charset of a content, unless it is UTF-8, which it expects, or unknown to it. */
async function encodingOf({ id, response }: Exchange, read: ReadContent): Promise<string | undefined> {
  const start = await read(id, 0, 1024);
  return start && encodings[findCharset(start.bytes, response?.headers ?? []).label];
}

const encodings: Readonly<Record<string, string>> = {
  'euc-kr': 'euckr', 'shift_jis': 'shiftjis', 'euc-jp': 'eucjp', 'gb18030': 'gb18030', 'gbk': 'gbk',
  'big5': 'big5hkscs',
  'utf-16le': 'utf16le', 'utf-16be': 'utf16be', 'windows-1250': 'windows1250', 'windows-1251': 'windows1251',
  'windows-1252': 'windows1252', 'windows-1253': 'windows1253', 'windows-1254': 'windows1254',
  'windows-1255': 'windows1255',
  'windows-1256': 'windows1256', 'koi8-r': 'koi8r', 'koi8-u': 'koi8u',
};

/** The certificates of the exchange’s connection as PEM, read-only, beside the inspector. */
export async function openCertificates(exchange: Exchange): Promise<void> {
  await openBesideInspector(certificatesPath(exchange));
}

/** Every byte that passed, with what it is. */
export async function openWire(exchange: Exchange): Promise<void> {
  await openBesideInspector(wirePath(exchange));
}

/** Where the request files are, so that the inspector stays in sight. */
async function openBesideInspector(path: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: contentScheme, path });
  const viewColumn = vscode.window.visibleTextEditors[0]?.viewColumn ?? vscode.ViewColumn.One;
  await vscode.commands.executeCommand('vscode.open', uri, { viewColumn });
}

function refuse(uri: vscode.Uri): never {
  throw vscode.FileSystemError.NoPermissions(uri);
}

async function find(
  history: History,
  uri: vscode.Uri,
): Promise<{ exchange: Exchange; kind: DocumentKind }> {
  const parsed = parseContentPath(uri.path);
  if (!parsed) throw vscode.FileSystemError.FileNotFound(uri);
  await history.load();
  const exchange = history.exchange(parsed.exchangeId);
  if (!exchange) {
    throw vscode.FileSystemError.FileNotFound(
      vscode.l10n.t('This exchange is no longer in the history.'),
    );
  }
  return { exchange, kind: parsed.kind };
}

async function readWhole(exchange: Exchange, read: ReadContent): Promise<Uint8Array> {
  const total = exchange.response?.contentSize ?? 0;
  if (total > largestFile) {
    throw vscode.FileSystemError.Unavailable(
      vscode.l10n.t(
        'This content is too large to open in an editor. Look at any part of it in the inspector, or save it with Save Body….',
      ),
    );
  }
  const whole = new Uint8Array(total);
  let filled = 0;
  for await (const bytes of windowsOf(read, exchange.id, total)) {
    whole.set(bytes.subarray(0, total - filled), filled);
    filled += bytes.length;
  }
  if (filled < total) {
    throw vscode.FileSystemError.Unavailable(
      vscode.l10n.t(
        'The content of this exchange is gone: it was too large to keep, or the engine that held it has ended. Send the request again to get it.',
      ),
    );
  }
  // Octet by octet, so that the size told before is still right.
  return createSecretMask(exchange.spec.secrets ?? [])?.inPlace(whole) ?? whole;
}

function certificatesOf(exchange: Exchange): Uint8Array {
  const chain = exchange.connection?.tls?.facts?.certificateChain ?? [];
  const blocks = chain.map(
    ({ subject, issuer, pem }) => `# ${oneLine(subject)}\n# < ${oneLine(issuer)}\n${pem.trim()}\n`,
  );
  return new TextEncoder().encode(blocks.join('\n'));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
