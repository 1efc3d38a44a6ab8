import type { CliText } from '../explain/text/cli.ts';
import type { Places } from '../explain/text/text.ts';

/**
 * Something the command line cannot carry out: one line on standard error, exit code 2. It carries the
 * message's id, and the text is made where it is printed, in the user's language.
 */
export class UsageError extends Error {
  readonly id: CliText;
  readonly places: Places;

  constructor(id: CliText, places: Places = {}) {
    super(id);
    this.id = id;
    this.places = places;
  }
}
