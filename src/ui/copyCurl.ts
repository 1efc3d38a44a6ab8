import * as vscode from 'vscode';
import { reachOf } from '../run/prepare/reach.ts';
import type { Reach, Seen } from '../run/prepare/reach.ts';
import type { RequestSpec } from '../trace/request.ts';
import { maskSpec } from '../trace/secrets.ts';

/**
 * Puts a request on the clipboard as a curl command: credentials masked first, as they are when
 * asked for. Names and certificates that only Roundtrip knows are told to curl.
 *
 * @param storage where the certificates are written.
 */
export async function copyAsCurl(
  spec: RequestSpec,
  seen: Seen,
  storage: vscode.Uri,
): Promise<void> {
  const { toCurl } = await import('../formats/curl.ts');
  const reach = reachOf(spec, seen);
  const cacert = await writeAuthorities(reach, storage);
  const options = { resolve: reach.resolve, ...(cacert === undefined ? {} : { cacert }) };
  const whole = toCurl(spec, options);
  const masked = toCurl(maskSpec(spec), options);
  await vscode.env.clipboard.writeText(masked);
  if (masked === whole) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied as cURL'), 5_000);
    return;
  }
  const withCredentials = vscode.l10n.t('Copy with Credentials');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Copied as cURL. Its credentials are masked.'),
    withCredentials,
  );
  if (chosen === withCredentials) await vscode.env.clipboard.writeText(whole);
}

/** The path of a file with the authorities; its name tells them apart, as each lab has its own. */
async function writeAuthorities(
  { authorities }: Reach,
  storage: vscode.Uri,
): Promise<string | undefined> {
  if (authorities.length === 0) return undefined;
  const bytes = new TextEncoder().encode(`${authorities.map((pem) => pem.trim()).join('\n')}\n`);
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
  const file = vscode.Uri.joinPath(storage, `authorities-${digest.slice(0, 12)}.pem`);
  await vscode.workspace.fs.writeFile(file, bytes);
  return file.fsPath;
}
