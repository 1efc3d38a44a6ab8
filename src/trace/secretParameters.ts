import { mask } from './secretValues.ts';

/**
 * Parameters of URLs that are credentials whatever they hold, compared without case and without `_`, `-`, `.`:
 * `access_token` is `accesstoken`. Bearer tokens (RFC 6750 §2.3), OAuth 2.0 and 1.0 (RFC 6749, RFC 7521, RFC 5849),
 * passwords, API keys, sessions, and what signs a URL (Amazon's, Google's and Azure's).
 */
const secretParameters: ReadonlySet<string> = new Set([
  'token', 'accesstoken', 'idtoken', 'refreshtoken', 'authtoken', 'apitoken', 'usertoken', 'bearertoken', 'oauthtoken',
  'sessiontoken', 'subjecttoken', 'actortoken', 'logintoken', 'resettoken', 'privatetoken', 'bearer', 'jwt',
  'clientsecret', 'clientassertion', 'assertion', 'codeverifier', 'devicecode', 'idtokenhint', 'logouttoken',
  'oauthsignature', 'oauthverifier', 'samlresponse', 'samlart', 'ticket',
  'password', 'passwd', 'passphrase', 'passcode', 'pwd', 'pass', 'otp', 'secret', 'credential', 'credentials',
  'apikey', 'xapikey', 'apisecret', 'appsecret', 'appkey', 'accesskey', 'secretkey', 'privatekey', 'authkey',
  'subscriptionkey', 'ocpapimsubscriptionkey', 'functionskey', 'auth', 'authorization',
  'session', 'sessionid', 'sid', 'jsessionid', 'phpsessid',
  'signature', 'sig', 'hmac', 'xamzsignature', 'xamzsecuritytoken', 'xgoogsignature', 'xgoogsecuritytoken',
  'awssecretaccesskey',
]);

/**
 * Those that are credentials (an API key of Google's, RFC 6749's authorization code) as often as they are not
 * (`key=title`, `code=404`): by their length.
 */
const doubtfulParameters: ReadonlySet<string> = new Set(['key', 'code']);

/** Characters from which a doubtful value, or a user without a password, is taken for a credential. */
const shortestCredential = 16;

/** Whether a URL's parameter is a credential: by its name as it is written and, where that leaves doubt, its value. */
function isSecretParameter(name: string, value: string): boolean {
  // `user[password]` is about the password.
  const last = /\[([^\]]+)\]$/.exec(unescaped(name))?.[1] ?? unescaped(name);
  const plain = last.toLowerCase().replace(/[^a-z0-9]/g, '');
  return secretParameters.has(plain) || (doubtfulParameters.has(plain) && value.length >= shortestCredential);
}

function unescaped(name: string): string {
  if (!name.includes('%')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * The same URL, absolute or relative, without the values of parameters that are credentials, in its query, its fragment
 * (RFC 6749 §4.2.2), its path (`;jsessionid=…`) and URLs in parameters, and without the password of its user
 * information (RFC 3986 §3.2.1), or without its user where that alone is as long as a token.
 */
export function maskUrl(url: string): string {
  return [...patterns, ofWhole].reduce(maskParameters, maskUser(url));
}

/** A text in which URLs may stand, such as a field's value or a message: a URL ends there at white space. */
export function maskUrlsIn(text: string): string {
  if (!text.includes('=') && !text.includes('%') && !text.includes('@')) return text;
  return [...patterns, ofText].reduce(maskParameters, maskUser(text));
}

/** How parameters stand in a text: what comes before a value, with the name, and where the value ends. */
interface ParameterPattern {
  readonly key: RegExp;
  readonly end: RegExp;
}

const patterns: readonly ParameterPattern[] = [
  // Of a segment of the path (RFC 3986 §3.3), or of a query that is separated so.
  { key: /;([^=&#;?/\s"<>]{1,80})=/g, end: /[&#;?/\s"<>]/ },
  // Of a URL that is a parameter of another: `?next=%2Fme%3Ftoken%3D…`.
  { key: /%(?:3F|26|23)([^=&#;?%\s]{1,80})%3D/gi, end: /%26|%23|[&#\s"<>]/i },
];

/** Of a query or a fragment, by itself and within a text; a line of a text may be one, too. */
const ofWhole: ParameterPattern = { key: /[?&#]([^=&#;?]{1,80})=/g, end: /[&#]/ };
const ofText: ParameterPattern = { key: /[?&#\n]([^=&#;?\s"<>]{1,80})=/g, end: /[&#\s"<>]/ };

/** Each value is looked at once, however many names stand before it: the text may be a server's. */
function maskParameters(text: string, { key, end }: ParameterPattern): string {
  let result = '';
  let from = 0;
  const keys = new RegExp(key);
  for (let match = keys.exec(text); match; match = keys.exec(text)) {
    const start = keys.lastIndex;
    const begun = text.slice(start, start + shortestCredential + 3).split(end, 1)[0]!;
    if (begun === '' || !isSecretParameter(match[1]!, begun)) continue;
    const length = text.slice(start).search(end);
    const stop = length < 0 ? text.length : start + length;
    result += text.slice(from, start) + mask;
    from = keys.lastIndex = stop;
  }
  return result + text.slice(from);
}

/** The last `@` of an authority ends its user information, as the URL Standard has it. */
function maskUser(text: string): string {
  return text.replace(/:\/\/([^\s/?#"<>]*)@/g, (whole, information: string) => {
    const colon = information.indexOf(':');
    if (colon >= 0) return `://${information.slice(0, colon)}:${mask}@`;
    return information.length >= shortestCredential ? `://${mask}@` : whole;
  });
}
