import { rangeInBody, rangeInUrl, rangeWithin } from '../httpFile/position.ts';
import { createScope } from '../httpFile/scope.ts';
import type { BodySegment, HeaderField, HttpFile, HttpRequest, Problem } from '../httpFile/syntax.ts';
import { outerNames } from './names.ts';
import { resolved } from './preparation.ts';
import type { Preparation } from './preparation.ts';

/**
 * The same request with its variables put in, for looking at: nothing is checked, read or started. What has no
 * value (an undefined name, the lab while it does not run) stays as written and is among its problems.
 */
export function resolveRequest(request: HttpRequest, file: HttpFile): HttpRequest {
  const problems: Problem[] = [];
  const context = { file, uri: '', directory: '', options: {}, trusted: true, newId: () => '' };
  const { resolve } = createScope(file, request.line - 1, outerNames(context));
  const preparation: Preparation = { request, context, resolve, problems };
  const methodRange = request.methodRange ?? request.requestLine;
  return {
    ...request,
    method: resolved(preparation, request.method, () => methodRange),
    url: resolved(preparation, request.url, ({ offset, length }) => rangeInUrl(request, offset, length)),
    headers: request.headers.map((header) => resolveHeader(preparation, header)),
    ...(request.body ? { body: request.body.map((segment) => resolveSegment(preparation, segment)) } : {}),
    problems: [...request.problems, ...problems],
  };
}

function resolveHeader(preparation: Preparation, header: HeaderField): HeaderField {
  const { range, nameRange, valueRange } = header;
  return {
    range, nameRange, valueRange,
    name: resolved(preparation, header.name, () => header.nameRange),
    value: resolved(preparation, header.value,
      ({ offset, length }) => rangeWithin(header.valueRange, offset, length)),
  };
}

function resolveSegment(preparation: Preparation, segment: BodySegment): BodySegment {
  if (segment.kind === 'file') {
    return { ...segment, path: resolved(preparation, segment.path, () => segment.range) };
  }
  const place = ({ offset, length }: { offset: number; length: number }) =>
    rangeInBody(segment, offset, length);
  return { ...segment, text: resolved(preparation, segment.text, place) };
}
