import { metadataKey, metadataKeys } from '../parser/metadata.ts';
import type { TextLines } from '../position.ts';
import { rangeOn } from './edits.ts';
import { fix } from './fix.ts';
import type { Fix } from './fix.ts';
import { nearestWord } from '../parser/nearest.ts';

/**
 * For a comment line such as `# @no-redirct`: the key that was meant. A key that is none makes a plain comment (C17).
 */
export function metadataFix(lines: TextLines, line: number): Fix | undefined {
  const found = /^\s{0,200}(?:#{1,9}|\/{2,9})\s{0,20}@([A-Za-z][\w-]{0,60})(?=\s|$)/.exec(lines.lineAt(line));
  if (!found || metadataKey(found[1]!) !== undefined) return undefined;
  const nearest = nearestWord(found[1]!, metadataKeys);
  if (nearest === undefined) return undefined;
  const end = found[0].length;
  const edit = { range: rangeOn(line, end - found[1]!.length, end), text: nearest };
  return fix('change-name', [edit], { places: { name: `@${nearest}` }, preferred: true });
}
