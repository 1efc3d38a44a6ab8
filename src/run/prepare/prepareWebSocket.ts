import { messageSteps } from '../../httpFile/content/messages.ts';
import type { MessageStep } from '../../httpFile/content/messages.ts';
import { webSocketMethods } from '../../httpFile/parser/requestLine.ts';
import { problem } from '../../httpFile/problem.ts';
import type { FileSegment, HttpRequest, Range } from '../../httpFile/syntax.ts';
import type { RequestSpec } from '../../trace/request.ts';
import type { WebSocketStep } from '../../trace/webSocket.ts';
import { filePart } from './bodyFile.ts';
import { resolved } from './preparation.ts';
import type { Preparation } from './preparation.ts';

/** Whether a request opens a WebSocket: by its method, or by the scheme of its URL once its variables are known. */
export function opensWebSocket(method: string, url: string): boolean {
  return webSocketMethods.has(method) || /^wss?:/i.test(url);
}

/** The URL with the scheme of a WebSocket; `WSS` asks for TLS where none was written. */
export function webSocketUrl({ method, url: written }: HttpRequest, url: string): string {
  const hasScheme = /^[a-z][a-z0-9+.-]{0,40}:\/\//i.test(written.trim()) || written.includes('{{');
  if (method === 'WSS' && !hasScheme) return url.replace(/^(?:http|ws):/i, 'wss:');
  return url.replace(/^http(s?):/i, 'ws$1:');
}

/** What is done on the WebSocket, with variables in the messages; files are checked as those of bodies are. */
export async function prepareWebSocket(
  preparation: Preparation, method: string,
): Promise<NonNullable<RequestSpec['webSocket']>> {
  const { request, problems } = preparation;
  const range = request.methodRange ?? request.requestLine;
  if (!webSocketMethods.has(method) && method !== 'GET') problems.push(problem('web-socket-method', range, { method }));
  const keepComments = request.metadata.some(({ key }) => key === 'raw-body');
  const steps: WebSocketStep[] = [];
  for (const { text, range: place } of textsOf(request)) {
    for (const step of messageSteps(text, keepComments)) {
      const prepared = await prepareStep(preparation, step, place);
      if (prepared) steps.push(prepared);
    }
  }
  return { steps };
}

/** The messages as one text; those of a request whose scheme only a variable tells were read as its body. */
function textsOf({ elements, body = [] }: HttpRequest): { readonly text: string; readonly range: Range }[] {
  const messages = elements.filter(({ kind }) => kind === 'message');
  const [first] = messages;
  const last = messages.at(-1);
  if (first && last) {
    const range = { start: first.range.start, end: last.range.end };
    return [{ text: messages.map(({ text }) => text).join('\n'), range }];
  }
  return body.map((segment) => segment.kind === 'text' ? segment
    : { text: `<${segment.substitute ? '@' : ''} ${segment.path}`, range: segment.range });
}

async function prepareStep(
  preparation: Preparation, step: MessageStep, range: Range,
): Promise<WebSocketStep | undefined> {
  if (step.kind === 'wait' || step.kind === 'close') return { do: step.kind };
  if (step.kind === 'text') {
    const text = resolved(preparation, step.text, () => range);
    return { do: 'send', parts: [{ kind: 'bytes', bytes: Buffer.from(text, 'utf8') }] };
  }
  const { path, substitute } = step;
  const segment: FileSegment = { kind: 'file', path, substitute, range };
  const part = await filePart(preparation, segment, (text) => resolved(preparation, text, () => range), false);
  return part && { do: 'send', parts: [part] };
}
