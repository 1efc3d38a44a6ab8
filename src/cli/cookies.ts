import { formatMoment } from '../explain/format.ts';
import { cliTexts } from '../explain/text/cli.ts';
import { cookieTexts } from '../explain/text/cookie.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import type { CookieFileNotice, StoredCookie } from '../trace/storedCookie.ts';
import { createCookieFile } from '../wire/cookies/cookieFile.ts';
import { createCookieJar } from '../wire/cookies/jar.ts';
import type { CookieJar } from '../wire/cookies/jar.ts';
import type { CookiesArguments } from './arguments.ts';
import { printable } from './terminal.ts';
import { complain } from './complain.ts';

/** The jar of `--cookie-jar FILE`, not loaded yet; what is wrong with the file is complained of, once. */
export function cookieJarAt(path: string, language: Language): CookieJar {
  return createCookieJar({
    file: createCookieFile(path),
    onNotice: (notice) => complain(noticeText(notice, language)),
  });
}

function noticeText(notice: CookieFileNotice, language: Language): string {
  return say(cookieTexts, language, `file-${notice.kind}`, { ...notice }).replaceAll('`', '');
}

/**
 * `roundtrip cookies list` and `clear`: what a file of cookies holds, or its removal.
 *
 * @returns 0, or 1 when the file could not be used.
 */
export async function cookiesCommand(given: CookiesArguments, language: Language): Promise<number> {
  let failed = false;
  const jar = createCookieJar({
    file: createCookieFile(given.jar),
    onNotice: (notice) => {
      failed = true;
      complain(noticeText(notice, language));
    },
  });
  await jar.load();
  const domain = given.domain?.replace(/^\./, '').toLowerCase();
  if (given.action === 'clear') {
    const count = jar.remove(domain === undefined ? {} : { domain });
    await jar.flush();
    process.stdout.write(`${say(cliTexts, language, 'cookies-cleared', { count })}\n`);
  } else {
    const cookies = jar.list().filter((cookie) => domain === undefined || cookie.domain === domain);
    process.stdout.write(given.json ? `${JSON.stringify(cookies, undefined, 2)}\n` : listed(cookies, language));
  }
  return failed ? 1 : 0;
}

function listed(cookies: readonly StoredCookie[], language: Language): string {
  if (cookies.length === 0) return `${say(cliTexts, language, 'cookies-none')}\n`;
  const rows = cookies.map((cookie) => [
    `${cookie.hostOnly ? '' : '.'}${cookie.domain}${cookie.path}`, `${cookie.name}=${cookie.value}`,
    termsOf(cookie, language),
  ].map(printable));
  const width = (column: number): number => Math.min(60, Math.max(...rows.map((row) => row[column]!.length)));
  const [place, pair] = [width(0), width(1)];
  return rows.map((row) => `${row[0]!.padEnd(place)}  ${row[1]!.padEnd(pair)}  ${row[2]}\n`).join('');
}

function termsOf({ expires, secure, httpOnly, sameSite, partitioned }: StoredCookie, language: Language): string {
  const time = expires === undefined ? say(cookieTexts, language, 'without-expiry')
    : say(cookieTexts, language, 'until', { moment: formatMoment(expires, language) });
  const flags = [
    secure ? 'Secure' : '', httpOnly ? 'HttpOnly' : '', sameSite ? `SameSite=${sameSite}` : '',
    partitioned ? 'Partitioned' : '',
  ];
  return [time, ...flags.filter((one) => one !== '')].join(', ');
}
