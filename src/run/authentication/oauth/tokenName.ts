/** Which token a name stands for: of the access token or the identity token (OpenID Connect), under which id. */
export interface TokenName {
  readonly id: string;
  readonly kind: 'access' | 'identity';
}

/** `$auth.token("id")` and `$auth.idToken("id")`, as JetBrains has them; undefined for anything else. */
export function tokenNameIn(expression: string): TokenName | undefined {
  const [, kind, , id] = /^\$auth\.(token|idToken)\(\s*(["'])([^"'\r\n]{1,200})\2\s*\)$/.exec(expression.trim()) ?? [];
  return id === undefined ? undefined : { id, kind: kind === 'token' ? 'access' : 'identity' };
}
