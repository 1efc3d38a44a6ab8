import { monotonicNow } from '../clock.ts';
import { json, problem } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import { withMethod } from '../http/requestHead.ts';
import type { Part } from '../parts.ts';
import { programs } from './cgi/program.ts';
import { readResponse } from './cgi/response.ts';
import { bounds, runProgram } from './cgi/run.ts';
import type { ProgramEnd } from './cgi/run.ts';
import { metaVariables, shownVariables } from './cgi/variables.ts';
import type { ProgramPlace } from './cgi/variables.ts';
import { answerCall, gateway, namesIn, readUpload } from './gateway.ts';
import type { Call, Gateway } from './gateway.ts';

/** An application server: HTTP in front, and behind it a program that is started for each request (CGI, RFC 3875). */
export const resourceGateway: Part = gateway({
  id: 'resourceGateway', scheme: 'http', keepsOtherSitesOut: true, create: createResourceGateway,
});

const atOnce = 8;
const maxRedirects = 3;

function createResourceGateway(): Gateway {
  const running = new Set<AbortController>();
  return {
    close() {
      for (const one of running) one.abort();
    },
    attend(call) {
      if (running.size >= atOnce) {
        return answerCall(call, problem(503, `${atOnce} programs are running already.`, [['Retry-After', '1']]));
      }
      const gone = new AbortController();
      running.add(gone);
      call.response.on('close', () => gone.abort());
      void serve(call, gone.signal).catch((error: unknown) =>
        problem(502, `The program could not be run: ${error instanceof Error ? error.message : 'unknown'}.`))
        .then((answer) => answerCall(call, answer))
        .catch(() => call.response.destroy())
        .finally(() => running.delete(gone));
    },
  };
}

async function serve(call: Call, signal: AbortSignal): Promise<Answer> {
  const { head } = call;
  const names = namesIn(head.path);
  if (head.path === '/') return json(200, { programs: paths });
  let place = names && placeOf(names, head.target);
  if (!names) return problem(400, 'The path is malformed.');
  if (!place) return problem(404, 'There is no such program: / lists them.');
  const upload = await readUpload(call, signal);
  if ('statusCode' in upload) return upload;
  let [input, seen]: [Buffer, Call] = [upload, call];
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const answer = await run(seen, place, input, signal);
    if ('statusCode' in answer) return answer;
    const [path = '', query] = answer.localRedirect.split('?', 2);
    place = placeOf(namesIn(path) ?? [], query === undefined ? path : `${path}?${query}`);
    if (!place) return problem(502, 'The program leads to a program that there is not.');
    // RFC 3875 §6.2.2: as if it had been asked for, by GET and without a body.
    [input, seen] = [Buffer.alloc(0), { ...call, head: withMethod(head, 'GET') }];
  }
  return problem(502, 'The programs lead in a circle.');
}

const paths = Object.fromEntries(Object.entries(programs).map(([name, summary]) => [`/cgi/${name}`, summary]));

/** `/cgi/NAME/…`: RFC 3875 §3.3 */
function placeOf([folder, name = '', ...rest]: readonly string[], target: string): ProgramPlace | undefined {
  if (folder !== 'cgi' || !Object.hasOwn(programs, name)) return undefined;
  const query = target.indexOf('?');
  return {
    scriptName: `/cgi/${name}`, pathInfo: rest.length === 0 ? '' : `/${rest.join('/')}`,
    query: query === -1 ? '' : target.slice(query + 1),
  };
}

async function run(
  call: Call, place: ProgramPlace, input: Buffer, signal: AbortSignal,
): Promise<Answer | { readonly localRedirect: string }> {
  const { account } = call;
  const variables = metaVariables(call, place, input.length);
  const handler = place.scriptName;
  const startAt = monotonicNow();
  account.add({ type: 'handler-start', at: startAt, handler });
  const { child, end } = runProgram(variables, input, signal);
  const startedAt = monotonicNow();
  account.add({
    type: 'dialogue', startAt, at: startedAt, protocol: 'CGI',
    sent: shownVariables(variables), received: `pid ${child.pid ?? '?'}`,
  });
  const result = await end;
  const at = monotonicNow();
  const told = (sent: string, received: string): void =>
    account.add({ type: 'dialogue', startAt: startedAt, at, protocol: 'CGI', sent, received });
  told(`stdin: ${input.length} B`, `stdout: ${result.stdout.length} B, ${endOf(result)}`);
  if (result.stderr !== '') told('stderr', result.stderr.trim());
  const answer = answerOf(result);
  const error = 'statusCode' in answer ? answer.error : undefined;
  account.add({ type: 'handler-end', at, handler, ...(error === undefined ? {} : { error }) });
  return answer;
}

/** The code it ended with; one that was stopped has none. */
function endOf({ code }: ProgramEnd): string {
  return code === null ? 'SIGKILL' : `exit ${code}`;
}

type ProgramError = 'client-left' | `program-${'late' | 'large' | 'failed' | 'unreadable'}`;
type Outcome = (Answer & { readonly error?: ProgramError }) | { readonly localRedirect: string };

function answerOf({ code, stdout, stopped }: ProgramEnd): Outcome {
  if (stopped === 'too-late') {
    return failed('program-late', 504, `The program did not end within ${bounds.time} ms and was stopped.`);
  }
  if (stopped === 'unwanted') return failed('client-left', 502, 'Nobody waits for the program any more.');
  if (stopped) return failed('program-large', 502, `The program wrote more than ${bounds.stdout} bytes and was stopped.`);
  if (code !== 0) {
    const detail = `The program ended with code ${code ?? 'none'}: what it wrote is not to be trusted.`;
    return failed('program-failed', 502, detail);
  }
  const response = readResponse(stdout);
  if (typeof response === 'string') {
    return failed('program-unreadable', 502, `The program gave no CGI response: ${response}.`);
  }
  const { localRedirect, ...answer } = response;
  return localRedirect === undefined ? answer : { localRedirect };
}

function failed(error: ProgramError, statusCode: number, detail: string): Outcome {
  return { ...problem(statusCode, detail), error };
}
