import * as vscode from 'vscode';
import type { HttpRequest } from '../../httpFile/syntax.ts';
import type { Origin } from '../../run/history/history.ts';
import { fileOf } from '../documents.ts';
import type { DocumentRequest } from './preparing.ts';
import { keyOf, requestOfKey } from '../requestKeys.ts';

/** Where a send of a request comes from; the request must be one of the document as it is now. */
export function originOf(document: vscode.TextDocument, request: HttpRequest): Origin {
  return { uri: document.uri.toString(), key: keyOf(fileOf(document), request) };
}

/** The same request as it is written now; undefined when the document or the request is no longer there. */
export async function findRequest(origin: Origin): Promise<DocumentRequest | undefined> {
  try {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(origin.uri));
    const request = requestOfKey(fileOf(document), origin.key);
    return request && { document, request };
  } catch {
    return undefined;
  }
}
