import { json, problem } from '../http/answer.ts';
import type { Handler, LabRequest, Route } from '../http/handler.ts';
import { createMux } from '../routing/mux.ts';
import type { Mux } from '../routing/mux.ts';

// A lesson in routing: patterns that several paths fit, and a router to try patterns of one's own on.

/** Says which pattern led here. */
function here(pattern: string): Handler {
  return ({ parameters }) => json(200, { pattern, parameters });
}

function station(pattern: string, summary: Route['summary'], example?: string): Route {
  return { pattern, name: 'routing/station', isPublic: true, handler: here(pattern), summary,
    ...example === undefined ? {} : { example } };
}

const whoseHost: Handler = ({ head, serverName }) => json(200, {
  host: head.authority ?? null, serverName: serverName ?? null,
});

/** More is no lesson. */
const limits = { patterns: 32, pattern: 200, path: 1000 };

interface Trial {
  readonly patterns: readonly string[];
  readonly method: string;
  readonly host: string;
  readonly path: string;
}

const tried: Handler = (request) => {
  const trial = readTrial(request);
  if (typeof trial === 'string') return problem(422, trial);
  let mux: Mux<undefined>;
  try {
    mux = createMux(trial.patterns.map((pattern) => [pattern, undefined]));
  } catch (error) {
    return problem(409, `${(error as Error).message}.`);
  }
  const routing = mux.route(trial);
  const { outcome, candidates } = routing;
  switch (outcome) {
    case 'found':
      return json(200, { outcome, pattern: routing.entry.pattern.text, parameters: routing.parameters, candidates });
    case 'redirect': return json(200, { outcome, path: routing.path, candidates });
    case 'method-not-allowed': return json(200, { outcome, allow: routing.allow, candidates });
    default: return json(200, { outcome, candidates });
  }
};

/** What is wrong with it, as a string. */
function readTrial({ body }: LabRequest): Trial | string {
  let given: Partial<Record<keyof Trial, unknown>> | null;
  try {
    given = JSON.parse(body.toString()) as typeof given;
  } catch {
    return 'The body is not JSON.';
  }
  const { patterns, method = 'GET', host = 'lab.test', path } = given ?? {};
  if (!Array.isArray(patterns) || patterns.length > limits.patterns || !patterns.every(isPattern)) {
    return `patterns are up to ${limits.patterns} texts of up to ${limits.pattern} characters.`;
  }
  if (typeof path !== 'string' || !path.startsWith('/') || path.length > limits.path) {
    return `path begins with a slash and has up to ${limits.path} characters.`;
  }
  if (typeof method !== 'string' || typeof host !== 'string') return 'method and host are texts.';
  return { patterns, method, host, path };
}

function isPattern(value: unknown): value is string {
  return typeof value === 'string' && value.length <= limits.pattern;
}

export const routingRoutes: readonly Route[] = [
  station('GET /routing/stations/', {
    en: 'A slash at the end: everything below that no other pattern fits better.',
    ko: '끝이 슬래시인 패턴은 더 잘 맞는 패턴이 없는 그 아래 모든 경로에 맞습니다.',
  }, '/routing/stations'),
  station('GET /routing/stations/{name}', {
    en: 'A wildcard stands for one part of the path.', ko: '와일드카드 하나는 경로의 한 부분에 맞습니다.',
  }, '/routing/stations/busan'),
  station('GET /routing/stations/seoul', {
    en: 'A word is more specific than a wildcard.', ko: '낱말은 와일드카드보다 구체적입니다.',
  }, '/routing/stations/seoul'),
  station('DELETE /routing/stations/{name}', {
    en: 'The same path, for another method; deletes nothing.', ko: '같은 경로의 다른 메서드입니다. 아무것도 삭제하지 않습니다.',
  }),
  station('GET shop.lab.test/routing/stations/{name}', {
    en: 'A pattern with a host wins over all without one.', ko: '호스트가 있는 패턴이 호스트가 없는 모든 패턴을 이깁니다.',
  }),
  {
    pattern: 'GET /routing/host', name: 'routing/host', handler: whoseHost, example: '/routing/host',
    summary: {
      en: 'The host that HTTP names, and the one that TLS named (SNI).',
      ko: 'HTTP가 지정한 호스트와 TLS가 지정한 호스트(SNI)입니다.',
    },
  },
  {
    pattern: 'POST /routing/try', name: 'routing/try', handler: tried,
    summary: {
      en: 'Tries patterns of your own: { patterns, method, host, path } as JSON; 409 when two of them conflict.',
      ko: '직접 만든 패턴을 시험합니다. { patterns, method, host, path }를 JSON으로 보내며, 두 패턴이 충돌하면 409입니다.',
    },
  },
];
