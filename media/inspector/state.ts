import type { Exchange } from '../../src/trace/exchange.ts';
import type { InspectorAction, Language } from '../../src/protocol.ts';
import { inspectorTexts } from '../../src/explain/text/inspector.ts';
import type { Places } from '../../src/explain/text/text.ts';
import type { LabState } from '../../src/explain/failure.ts';
import type { FrameScope } from '../../src/trace/http2/exchangeFrames.ts';
import type { Contents } from './contents.ts';
import type { OtherCookiesReader } from './otherCookies.ts';
import type { Wires } from './wires.ts';

export const tabs = [
  'overview',
  'dns',
  'connection',
  'tls',
  'request',
  'response',
  'cookies',
  'body',
  'wire',
] as const;
export type Tab = (typeof tabs)[number];

export type BodyView = 'json' | 'text' | 'image' | 'preview' | 'hex';

export type WireView = 'text' | 'frames' | 'hex';

/** With TLS: what it carried, or what went over the wire. */
export type WireLayer = 'plain' | 'transport';

/** What survives a reload: how things are looked at, never what happened. */
export interface SavedState {
  readonly tab: Tab;
  readonly explain: boolean;
  readonly bodyView?: BodyView;
  readonly wireView?: WireView;
  readonly wireLayer?: WireLayer;
  readonly frameScope?: FrameScope;
}

/** How one exchange is looked at, until another one is shown. */
export interface LocalState {
  /** Field lines whose explanation is open. */
  readonly openFields: ReadonlySet<string>;
  /** Nodes of the JSON tree by their offset: open ones, and how many children of each are shown. */
  readonly openNodes?: ReadonlySet<number>;
  readonly shownChildren: ReadonlyMap<number, number>;
  readonly activeNode?: number;
  readonly textLimit: number;
  /** The charset to look at the text in, when it is not the content's own. */
  readonly charset?: string;
  readonly hexOffset: number;
  /** Frames whose fields are shown, and writes and reads that are shown whole. */
  readonly openFrames: ReadonlySet<string>;
  readonly openSegments: ReadonlySet<number>;
  readonly frameLimit: number;
  readonly segmentLimit: number;
  readonly copiedPem?: number;
  /** Whether the lanes of several name servers are shown. */
  readonly nameServersOpen?: boolean;
  /** Whether the cookies of other sites are listed. */
  readonly otherCookiesOpen?: boolean;
  /** Messages of a WebSocket that are opened, by their index. */
  readonly openMessages?: ReadonlySet<number>;
  /** Exchanges with name servers that are opened, and the part of one of their messages that stands out. */
  readonly openQuestions?: ReadonlySet<string>;
  readonly markedPart?: { readonly message: string; readonly start: number };
}

export const freshLocalState: LocalState = {
  openFields: new Set(), shownChildren: new Map(), textLimit: 64 * 1024, hexOffset: 0,
  openFrames: new Set(), openSegments: new Set(), frameLimit: 200, segmentLimit: 50,
};

export type TextId = keyof typeof inspectorTexts & string;

/** Everything a part of the page is drawn from. */
export interface View {
  readonly language: Language;
  readonly exchange: Exchange;
  readonly exchanges: readonly Exchange[];
  readonly running: boolean;
  /** What this page has seen of the lab since the exchange. */
  readonly lab: LabState;
  /** ms since *Send*, moving on between events; only while the exchange runs. */
  readonly elapsed: number | undefined;
  readonly saved: SavedState;
  readonly local: LocalState;
  readonly contents: Contents;
  readonly wires: Wires;
  readonly otherCookies: OtherCookiesReader;
  t(id: TextId, places?: Places): string;
  save(change: Partial<SavedState>): void;
  change(change: Partial<LocalState>): void;
  select(exchangeId: string): void;
  act(action: InspectorAction): void;
  /** On the WebSocket of the exchange that is shown. */
  sendMessage(text: string): void;
  closeStream(): void;
}

/** The saved state of an earlier page, or the first one; anything that does not fit is dropped. */
export function restoreState(value: unknown): SavedState {
  const {
    tab, explain, bodyView, wireView, wireLayer, frameScope,
  } = (value ?? {}) as Partial<Record<keyof SavedState, unknown>>;
  return {
    tab: tabs.find((one) => one === tab) ?? 'overview',
    explain: explain === true,
    ...(isBodyView(bodyView) ? { bodyView } : {}),
    ...member('wireView', wireViews, wireView),
    ...member('wireLayer', wireLayers, wireLayer),
    ...member('frameScope', frameScopes, frameScope),
  };
}

const wireViews: readonly WireView[] = ['text', 'frames', 'hex'];
const wireLayers: readonly WireLayer[] = ['plain', 'transport'];
const frameScopes: readonly FrameScope[] = ['stream', 'exchange', 'connection'];

function member<K extends string, T>(name: K, values: readonly T[], value: unknown): { readonly [P in K]?: T } {
  const known = values.find((one) => one === value);
  return (known === undefined ? {} : { [name]: known }) as { readonly [P in K]?: T };
}

function isBodyView(value: unknown): value is BodyView {
  return ['json', 'text', 'image', 'preview', 'hex'].includes(value as string);
}
