import { problem } from '../../httpFile/problem.ts';
import { isToken } from '../../httpFile/parser/header.ts';
import type { FieldLine } from '../../trace/request.ts';
import { isForbiddenTrailer } from '../../trace/trailers.ts';
import { resolved } from './preparation.ts';
import type { Preparation } from './preparation.ts';

/** `# @trailer Name: value`, one for each field that follows the body (RFC 9110 §6.5). */
export function prepareTrailers(preparation: Preparation): { trailers?: readonly FieldLine[] } {
  const { request: { metadata, httpVersion }, problems } = preparation;
  const trailers: FieldLine[] = [];
  for (const { key, value, range } of metadata) {
    if (key !== 'trailer' || value === '') continue;
    const text = resolved(preparation, value, () => range);
    const [, name = '', content = ''] = /^([^:]{1,200}):(.*)$/s.exec(text) ?? [];
    const line: FieldLine = [name.trim(), content.trim()];
    if (!isToken(line[0]) || /[\x00-\x08\x0a-\x1f\x7f]/.test(line[1])) problems.push(
      problem('trailer-invalid', range, { text }),
    );
    else if (isForbiddenTrailer(line[0])) problems.push(problem('trailer-forbidden', range, { name: line[0] }));
    else if (/^HTTP\/1\.0$/i.test(httpVersion ?? '')) problems.push(problem('trailer-version', range));
    else trailers.push(line);
  }
  return trailers.length > 0 ? { trailers } : {};
}
