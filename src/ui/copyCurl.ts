import * as vscode from 'vscode';
import type { RequestSpec } from '../trace/request.ts';
import { isSecretField, maskFieldLines, maskUrl } from '../trace/secrets.ts';

/**
 * Puts a request on the clipboard as a curl command: credentials masked first, as they are when
 * asked for.
 */
export async function copyAsCurl(spec: RequestSpec): Promise<void> {
  const { toCurl } = await import('../formats/curl.ts');
  const masked = maskSpec(spec);
  await vscode.env.clipboard.writeText(toCurl(masked));
  if (masked === spec) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied as cURL'), 5_000);
    return;
  }
  const withCredentials = vscode.l10n.t('Copy with Credentials');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Copied as cURL. Its credentials are masked.'),
    withCredentials,
  );
  if (chosen === withCredentials) await vscode.env.clipboard.writeText(toCurl(spec));
}

/** The same object when it holds no credential. */
function maskSpec(spec: RequestSpec): RequestSpec {
  const proxy = spec.options.proxy === undefined ? undefined : maskUrl(spec.options.proxy);
  const secret =
    spec.headers.some(([name]) => isSecretField(name)) ||
    maskUrl(spec.url) !== spec.url ||
    proxy !== spec.options.proxy;
  if (!secret) return spec;
  return {
    ...spec,
    url: maskUrl(spec.url),
    headers: maskFieldLines(spec.headers),
    options: { ...spec.options, ...(proxy === undefined ? {} : { proxy }) },
  };
}
