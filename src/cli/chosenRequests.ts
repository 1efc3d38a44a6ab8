import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import { isDisabled } from '../httpFile/disabled.ts';
import type { HttpRequest } from '../httpFile/syntax.ts';
import { unreadProblems } from '../httpFile/unread.ts';
import type { PlacedRequest } from '../run/prepare/dependencies.ts';
import type { Selection } from './arguments.ts';
import { complain } from './complain.ts';
import type { SourceNames } from './names.ts';
import { messageOf, placeIn } from './problems.ts';
import { select } from './source.ts';
import type { Source } from './source.ts';

/**
 * The selected requests; where all are meant, or one is not found, the blocks that hold none are complained of.
 *
 * @throws UsageError when there is none.
 */
export function chosenRequests(
  source: Source, selection: Selection, language: Language,
): { requests: readonly HttpRequest[]; allRead: boolean } {
  const complainOfUnread = (): boolean => {
    const problems = unreadProblems(source.file);
    for (const one of problems) {
      const { line, character } = one.range.start;
      const place = placeIn(source.label, line, character);
      complain(say(cliTexts, language, 'not-read', { place, reason: messageOf(one, language) }));
    }
    return problems.length === 0;
  };
  try {
    const requests = withoutDisabled(source, selection, language);
    return { requests, allRead: selection.by !== 'all' || complainOfUnread() };
  } catch (error) {
    complainOfUnread();
    throw error;
  }
}

/** Of all requests those that are not disabled; one that is chosen by itself is sent. */
function withoutDisabled(source: Source, selection: Selection, language: Language): readonly HttpRequest[] {
  const requests = select(source, selection);
  if (selection.by !== 'all') return requests;
  for (const request of requests.filter(isDisabled)) {
    complain(say(cliTexts, language, 'left-out-disabled', { place: placeIn(source.label, request.line - 1, 0) }));
  }
  return requests.filter((request) => !isDisabled(request));
}

/** What may be sent: the chosen requests and, where one needs others, all that there are. */
export function reachableRequests(
  source: Source, { imported }: SourceNames, requests: readonly HttpRequest[],
): PlacedRequest[] {
  const { file, uri } = source;
  const hasNeeds = requests.some(({ metadata }) => metadata.some(({ key }) => key === 'ref' || key === 'force-ref'));
  return hasNeeds
    ? [{ file, uri }, ...imported].flatMap((one) => one.file.requests.map((request) => ({ ...one, request })))
    : requests.map((request) => ({ request, file, uri }));
}
