import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import type { SignIn } from '../run/authentication/oauth/tokens.ts';
import { printable } from './terminal.ts';
import { complain } from './complain.ts';

/** Signing in from a terminal: the page's address is printed, and opened by the user. */
export function signInAt(language: Language, how: Omit<SignIn, 'visit'>): SignIn {
  return {
    ...how,
    visit: async ({ id, url, userCode }) => {
      const places = { id, url: printable(url), code: printable(userCode ?? '') };
      complain(say(cliTexts, language, userCode === undefined ? 'sign-in' : 'sign-in-code', places));
      return true;
    },
  };
}
