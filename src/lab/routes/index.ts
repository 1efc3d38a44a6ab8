import { json, text } from '../http/answer.ts';
import type { Handler, Route } from '../http/handler.ts';
import { parseAuthority } from '../http/ownNames.ts';
import type { RequestHead } from '../http/requestHead.ts';
import type { LabServerId } from '../messages.ts';
import { frontPage } from './frontPage.ts';
import { pageFields } from './pages.ts';
import { names, places } from './places.ts';
import { topicOf, topics } from './topics.ts';
import type { Words } from './topics.ts';

/** Where the lab's servers listen: origins, such as `http://lab.test:PORT`. */
export type Origins = Readonly<Partial<Record<LabServerId, string>>>;

type Language = keyof Words;

/** Everything the front page tells, in one language. */
export interface Guide {
  readonly language: Language;
  readonly topics: readonly {
    readonly id: string;
    readonly title: string;
    readonly sentence: string;
    readonly samples: readonly string[];
    /** Servers; `id` is what `{{$lab.ID}}` says in a request file, except for name servers. */
    readonly servers: readonly { readonly id: LabServerId; readonly origin: string; readonly summary: string }[];
    readonly names: readonly { readonly name: string; readonly summary: string }[];
    readonly routes: readonly {
      readonly pattern: string; readonly handler: string; readonly summary: string; readonly example?: string;
    }[];
  }[];
}

/** The front page: what there is, by topic; negotiated by Accept and Accept-Language (RFC 9110 §12). */
export function createIndexRoute(others: readonly Route[], origins: () => Origins): Route {
  const own = {
    pattern: 'GET /{$}', name: 'pages/index', isPublic: true, example: '/',
    summary: { en: 'This page; as JSON, too.', ko: '이 페이지입니다. JSON으로도 받을 수 있습니다.' },
  };
  const all: readonly Described[] = [own, ...others];
  const handler: Handler = ({ head }) => {
    const language = prefers(head, 'accept-language', /^en\b/i, /^ko\b/i) ? 'ko' : 'en';
    const fields = [['Content-Language', language], ['Vary', 'Accept, Accept-Language']] as const;
    const guide = guideOf(all, origins(), language);
    if (prefers(head, 'accept', /^text\/html$/i, /^application\/(\*|json|problem\+json)$/i)) {
      return json(200, guide, fields);
    }
    const host = parseAuthority(head.authority ?? '')?.host ?? 'localhost';
    return text(200, 'text/html', frontPage(guide, host), [...fields, ...pageFields]);
  };
  return { ...own, handler };
}

type Described = Omit<Route, 'handler'>;

function guideOf(routes: readonly Described[], origins: Origins, language: Language): Guide {
  return {
    language,
    topics: topics.map(({ id, title, sentence, samples }) => ({
      id, title: title[language], sentence: sentence[language], samples,
      servers: (Object.keys(places) as LabServerId[]).flatMap((place) => {
        const origin = origins[place];
        if (places[place].topic !== id || origin === undefined) return [];
        return [{ id: place, origin, summary: places[place].summary[language] }];
      }),
      names: Object.entries(names).flatMap(([name, { topic, summary }]) =>
        topic === id ? [{ name, summary: summary[language] }] : []),
      routes: routes.filter(({ name }) => topicOf(name) === id).map(({ pattern, name, summary, example }) =>
        ({ pattern, handler: name, summary: summary[language], example })),
    })),
  };
}

/** Whether the field gives what matches `wanted` more weight than what matches `usual`. */
function prefers(head: RequestHead, field: string, usual: RegExp, wanted: RegExp): boolean {
  const items = head.all(field).flatMap((value) => value.split(',')).map((item) => {
    const [range = '', ...parameters] = item.split(';').map((part) => part.trim());
    const q = parameters.find((parameter) => /^q=/i.test(parameter));
    const weight = q === undefined ? 1 : Number(q.slice(2));
    return { range, weight: Number.isFinite(weight) ? weight : 0 };
  });
  const best = (pattern: RegExp) =>
    Math.max(0, ...items.filter(({ range }) => pattern.test(range)).map(({ weight }) => weight));
  return best(wanted) > best(usual);
}
