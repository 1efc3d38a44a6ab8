import type { Language } from '../explain/text/language.ts';
import { problemTexts } from '../explain/text/problem.ts';
import { say } from '../explain/text/text.ts';
import type { Problem } from '../httpFile/syntax.ts';
import type { EnvironmentProblem } from '../run/environments/environment.ts';
import { complain } from './complain.ts';
import type { SourceNames } from './names.ts';
import type { Source } from './source.ts';
import { shortest } from './usedNames.ts';

/** A problem's text in the user's language. */
export function messageOf({ code, places }: Pick<Problem, 'code' | 'places'>, language: Language): string {
  return say(problemTexts, language, code as keyof typeof problemTexts & string, places);
}

/** `path:line:column`, as far as known. */
export function placeOf({ source, line, character }: EnvironmentProblem): string {
  return [shortest(source), line, character].filter((part) => part !== undefined).join(':');
}

/** A place as messages name it, such as `api.http:3:1`; line and character count from 0. */
export function placeIn(label: string, line: number, character: number): string {
  return `${label}:${line + 1}:${character + 1}`;
}

/** What is wrong with environment files and imports; hints about other tools' settings are for `roundtrip parse`. */
export function complainOfNames(
  { label }: Source, { environment, importProblems }: SourceNames, language: Language,
): void {
  const problems = environment.problems.filter(({ severity }) => severity === 'warning');
  for (const problem of problems) complain(`${placeOf(problem)}: ${messageOf(problem, language)}`);
  for (const problem of importProblems) {
    const { line, character } = problem.range.start;
    complain(`${placeIn(label, line, character)}: ${messageOf(problem, language)}`);
  }
}
