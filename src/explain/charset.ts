/** Those a reader may want to try, as labels. */
export const offeredCharsets = [
  'utf-8', 'euc-kr', 'shift_jis', 'euc-jp', 'iso-2022-jp', 'gb18030', 'big5', 'utf-16le', 'utf-16be', 'windows-1252',
  'windows-1250', 'windows-1251', 'koi8-r', 'windows-1253', 'windows-1254', 'windows-1255', 'windows-1256',
] as const;

const shownNames: Readonly<Record<string, string>> = {
  'euc-kr': 'EUC-KR (CP949)', 'shift_jis': 'Shift_JIS', 'gbk': 'GBK', 'big5': 'Big5', 'koi8-r': 'KOI8-R',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE', 'windows-1252': 'Windows-1252 (ISO-8859-1)',
};

/** As people write it: `UTF-8`, `EUC-KR (CP949)`. */
export function charsetName(label: string): string {
  return shownNames[label] ?? label.toUpperCase().replace('WINDOWS', 'Windows');
}

/**
 * The ones that are told apart by reading: `decode` gives a text, or undefined where the bytes have no meaning in it.
 */
const guessed = ['utf-8', 'euc-kr', 'shift_jis', 'gb18030'] as const;

/**
 * A charset in which bytes that make no sense as they were declared do make sense; undefined when none or several
 * equally. A guess: letters of one script are what speaks for it.
 */
export function guessCharset(declared: string, decode: (label: string) => string | undefined): string | undefined {
  let best: { label: string; share: number } | undefined;
  for (const label of guessed) {
    if (label === declared) continue;
    const text = decode(label);
    const share = text === undefined ? 0 : scriptShare(text, label);
    if (share > (best?.share ?? 0.5)) best = { label, share };
  }
  return best?.label;
}

const scripts: Readonly<Record<(typeof guessed)[number], RegExp>> = {
  'utf-8': /[^\x00-\x7f]/u, 'euc-kr': /[가-힣]/u, 'shift_jis': /[ぁ-んァ-ヶ]/u, 'gb18030': /[\u4e00-\u9fa5]/u,
};

/** Of what is not ASCII, how much is in the script that the charset was made for. */
function scriptShare(text: string, label: (typeof guessed)[number]): number {
  const others = text.match(/[^\x00-\x7f]/gu) ?? [];
  if (others.length === 0) return 0;
  return others.filter((character) => scripts[label].test(character)).length / others.length;
}
