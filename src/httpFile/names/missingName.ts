import type { Fault } from './origin.ts';

/** Why a name has no value that nothing defines. */
export function missingName(name: string): Fault {
  return { code: codeOf(name), places: { name } };
}

/** No line `@name = value` could define an expression, and no other tool's `$name` is meant to be defined by one. */
function codeOf(name: string): Fault['code'] {
  if (isExpression(name)) return 'variable-undefined-expression';
  return name.startsWith('$') ? 'variable-undefined-builtin' : 'variable-undefined';
}

/** Calls, sums, texts, JSONPath, Handlebars' blocks, and words with spaces; `$name` may have words behind it. */
function isExpression(name: string): boolean {
  if (/^\$[A-Za-z]/.test(name)) return false;
  return /^[#/^$]|[\s()+*<>?!&|;,"'`=]/.test(name.replace(/\[(?:'[^']{0,200}'|"[^"]{0,200}")\]/g, ''));
}
