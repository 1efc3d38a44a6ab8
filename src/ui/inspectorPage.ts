import * as vscode from 'vscode';
import { languageFor } from '../explain/text/language.ts';

/**
 * The page: its script by nonce, its style and font from the extension alone, and nothing from
 * anywhere else.
 */
export function inspectorPage(
  webview: vscode.Webview,
  dist: vscode.Uri,
  nonce: string,
  locale: string,
): string {
  const script = webview.asWebviewUri(vscode.Uri.joinPath(dist, 'inspector.js'));
  const style = webview.asWebviewUri(vscode.Uri.joinPath(dist, 'inspector.css'));
  const source = webview.cspSource;
  const policy = [
    `default-src 'none'`, `img-src ${source} blob:`, `style-src ${source}`, `font-src ${source}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${languageFor(locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style.toString()}">
<title>Roundtrip</title>
</head>
<body>
<script nonce="${nonce}" src="${script.toString()}"></script>
</body>
</html>`;
}
