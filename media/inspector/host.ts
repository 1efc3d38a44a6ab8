import type { FromInspector } from '../../src/protocol.ts';
import type { SavedState } from './state.ts';

interface VsCodeApi {
  postMessage(message: FromInspector): void;
  getState(): unknown;
  setState(state: SavedState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension host; the page may ask for it only once. */
export const host = acquireVsCodeApi();
