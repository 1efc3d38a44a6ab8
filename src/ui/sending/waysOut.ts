import * as vscode from 'vscode';
import type { Problem } from '../../httpFile/syntax.ts';
import type { Origin } from '../../run/history/history.ts';
import type { DocumentRequest } from './preparing.ts';

/** A button beside the sentence that says why a request cannot be sent. */
export interface WayOut {
  readonly title: string;
  run(): unknown;
}

export interface WaysOutOptions {
  /** The request as it is written now. */
  find(origin: Origin): Promise<DocumentRequest | undefined>;
  /** The request of that name, here or in an imported file. */
  requestNamed(document: vscode.TextDocument, name: string): Promise<DocumentRequest | undefined>;
  /** Whether a response came. `run` takes the ids of the sends that belong together. */
  send(found: DocumentRequest, how: { readonly anyway?: boolean }, run: string[]): Promise<boolean>;
}

/** What can be done about a request that was kept back, besides going to the line. */
export function createWaysOut({ find, requestNamed, send }: WaysOutOptions): {
  of(origin: Origin, problems: readonly Problem[]): WayOut[];
} {
  /** The request of that name, then the one that needs its response. */
  const sendAfter = async (origin: Origin, name: string): Promise<void> => {
    const found = await find(origin);
    const needed = found && await requestNamed(found.document, name);
    const run: string[] = [];
    if (!needed || !await send(needed, {}, run)) return;
    const now = await find(origin);
    if (now) await send(now, {}, run);
  };

  const sendAnyway = async (origin: Origin): Promise<void> => {
    const found = await find(origin);
    if (found) await send(found, { anyway: true }, []);
  };

  return {
    of: (origin, problems) => {
      const errors = problems.filter(({ severity }) => severity === 'error');
      const [first] = errors;
      const name = first?.code === 'response-not-sent' ? first.places.request : undefined;
      if (name !== undefined) {
        const isEnough = errors.every(({ code, places }) => code === 'response-not-sent' && places.request === name);
        const title = isEnough
          ? vscode.l10n.t('Send “{0}” First', name) : vscode.l10n.t('Send “{0}” First (Not Enough Alone)', name);
        return [{ title, run: () => sendAfter(origin, name) }];
      }
      return errors.every(({ code }) => undefinedNames.has(code))
        ? [{ title: vscode.l10n.t('Send Anyway'), run: () => sendAnyway(origin) }] : [];
    },
  };
}

/** C22: with these, REST Client sends the name as it is written. */
const undefinedNames: ReadonlySet<Problem['code']> = new Set([
  'variable-undefined', 'variable-undefined-inside', 'variable-undefined-itself', 'variable-undefined-untrusted',
  'variable-undefined-expression', 'variable-undefined-builtin',
]);
