/** How the terminal is drawn: columns in characters, and whether it shows colours. */
export interface Terminal {
  readonly columns: number;
  readonly colours: boolean;
}

/** Columns a text takes: Hangul and other wide characters take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  return width;
}

function isWide(code: number): boolean {
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf)
    || (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff)
    || (code >= 0xff00 && code <= 0xff60);
}

/** Text in a colour or weight (SGR code) where the terminal has colours. */
export function paint(code: number, text: string, terminal: Terminal): string {
  return terminal.colours ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** Faint text where the terminal has colours. */
export function dim(text: string, terminal: Terminal): string {
  return paint(2, text, terminal);
}

/**
 * Text from the network without what a terminal would obey: control characters other than tab and line end
 * are shown as `\xNN`.
 */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, (character) =>
    `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
