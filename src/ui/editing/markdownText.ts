/**
 * A text that Markdown shows as it is: no link, no image, no markup, no HTML, nothing that
 * steers the direction of writing. For what comes from files and servers and
 * stands among our own words.
 */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&:@/]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(directionMarks, '').replace(/\s+/g, ' ');
}

/**
 * A text as code, in which Markdown knows no markup. The fence is longer than any in it; line ends become spaces and
 * what steers the direction of writing is left out.
 */
export function codeSpan(text: string): string {
  const flat = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').replace(directionMarks, '');
  if (flat.trim() === '') return '` `';
  const longest = Math.max(0, ...(flat.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 || flat.startsWith(' ') ? ' ' : '';
  return `${fence}${space}${flat}${space}${fence}`;
}

/** Unicode bidirectional controls, with which a text could pretend to be another one. */
const directionMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
