import { rangeOfLine } from './lines.ts';
import { report } from './reader.ts';
import type { Reader } from './reader.ts';
import type { RequestNode } from '../tree/request.ts';
import { hasOpenBraces } from '../content/target.ts';

/** What can be said of a URL before its variables are known. */
export function checkUrl(reader: Reader, request: RequestNode, line: number): void {
  const { lines } = reader;
  if (request.isOtherProtocol && !request.isWebSocket) {
    return report(reader, 'protocol-not-sent', rangeOfLine(lines, line), { protocol: protocolOf(request) });
  }
  if (request.hasPlainUrl) return;
  const { url } = request;
  const range = request.urlSpanInText;
  if (hasOpenBraces(url)) return report(reader, 'variable-unclosed', range);
  if (url === 'NOP') return report(reader, 'nop-not-run', range);
  if (url === '') report(reader, 'url-missing', rangeOfLine(lines, line), { method: request.method });
  else if (/^["'<]/.test(url)) report(reader, 'url-quoted', range);
  else if (/\s/.test(url) && hasSpaceOutsideVariables(url)) report(reader, 'url-space', range);
  // C32; `/path` and `*` take their origin from `Host`.
  if (url !== '' && !/^(?:[a-z][a-z0-9+.-]*:\/\/|[/*"'<]|\{\{|\[\[)/i.test(url)) {
    report(reader, 'scheme-missing', range, { url: `http://${url}` });
  }
}

/** An opening without an end is looked for an end once, not once for each. */
function hasSpaceOutsideVariables(url: string): boolean {
  let from = 0;
  for (;;) {
    const open = url.indexOf('{{', from);
    const close = open < 0 ? -1 : url.indexOf('}}', open + 2);
    if (close < 0) return /\s/.test(url.slice(from));
    if (/\s/.test(url.slice(from, open))) return true;
    from = close + 2;
  }
}

function protocolOf({ method, url }: RequestNode): string {
  return method === 'GET' ? url.slice(0, url.indexOf(':')) : method;
}
