import type { FileVariable, HttpFile, HttpRequest, Range } from '../syntax.ts';
import { mapped } from './mapped.ts';

/** An entry of the outline. Its ranges are those of its node, so they follow the text. */
export interface FileSymbol {
  readonly kind: 'variable' | 'request';
  readonly name: string;
  readonly detail: string;
  /** All of it, and the part to select. */
  readonly range: Range;
  readonly selectionRange: Range;
}

/** Gives the outline of a file as it is edited; entries of what stays the same are the same objects. */
export function createSymbols(): (file: HttpFile) => readonly FileSymbol[] {
  const variables = mapped(variableSymbol);
  const requests = mapped(requestSymbol);
  return (file) => variables(file.variables).concat(requests(file.requests));
}

function variableSymbol(variable: FileVariable): FileSymbol {
  const { name, value } = variable;
  return {
    kind: 'variable', name, detail: value,
    get range() {
      return variable.range;
    },
    get selectionRange() {
      return variable.nameRange;
    },
  };
}

function requestSymbol(request: HttpRequest): FileSymbol {
  const { name, title, method, url } = request;
  const asked = `${method} ${url}`.trim();
  const called = [name, title].find((text) => text !== undefined && text.trim() !== '');
  return {
    kind: 'request', name: called ?? asked, detail: called === undefined ? '' : asked,
    get range() {
      return request.range;
    },
    get selectionRange() {
      return request.requestLine;
    },
  };
}
