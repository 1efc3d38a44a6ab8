import * as vscode from 'vscode';
import type { ServerResponse } from '../../run/authentication/oauth/tokenResponse.ts';
import type { SignIn } from '../../run/authentication/oauth/tokens.ts';
import type { RequestSpec } from '../../trace/request.ts';

/** Sends a request for a token; undefined when no response came. */
export type SendForToken = (spec: RequestSpec) => Promise<ServerResponse | undefined>;

/** Tokens for requests, got when they are sent; forgotten when the window closes. */
export interface SigningIn {
  /** How one request gets its tokens: each request for one goes through `send`. */
  begin(options: RequestSpec['options'], send: SendForToken): SignIn;
  /** Ends every wait for a user. */
  cancel(): void;
}

/** Nobody waits yet. After a cancel, later requests may wait again. */
export function createSigningIn(): SigningIn {
  let controller = new AbortController();
  return {
    begin: (options, send) => ({
      send, options, newId: () => crypto.randomUUID(), signal: controller.signal, visit: visitPage,
    }),
    cancel: () => {
      controller.abort();
      controller = new AbortController();
    },
  };
}

/** The browser opens only after the user has seen where it leads. */
const visitPage: SignIn['visit'] = async ({ id, url, userCode }) => {
  const open = vscode.l10n.t('Open Browser');
  const { host } = new URL(url);
  const question = userCode === undefined
    ? vscode.l10n.t('Sign in at {0} to get the token “{1}”?', host, id)
    : vscode.l10n.t('Sign in at {0} to get the token “{1}”? The code is {2}.', host, id, userCode);
  if (await vscode.window.showInformationMessage(question, { modal: true }, open) !== open) return false;
  if (userCode !== undefined) await vscode.env.clipboard.writeText(userCode);
  return vscode.env.openExternal(vscode.Uri.parse(url, true));
};
