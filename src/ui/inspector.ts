import * as vscode from 'vscode';
import { languageFor } from '../explain/text/language.ts';
import type { FromInspector, InspectorAction, ToInspector } from '../protocol.ts';
import type { Content, EngineClient } from '../run/engineClient.ts';
import type { History } from '../run/history/history.ts';
import { assertNever } from '../trace/assertNever.ts';
import type { Exchange } from '../trace/exchange.ts';
import { createSecretMask, maskExchangeSecrets } from '../trace/secretValues.ts';
import type { ReadContent } from './contents.ts';
import type { ReadWire } from './wire.ts';
import { inspectorViewType } from './contributions.ts';
import { readMessage } from './inspectorMessages.ts';
import { inspectorPage } from './inspectorPage.ts';
import type { Lab } from './lab.ts';

export interface Inspector extends vscode.Disposable {
  /**
   * Opens the panel beside the editor, or reuses it, and shows a send as it goes on, after those of
   * the same run that came before it.
   */
  showSend(specId: string, before: readonly string[]): void;
  /** Shows one exchange, or the latest. */
  showExchange(exchangeId?: string): Promise<void>;
  /** The exchange on the screen. */
  readonly shown: string | undefined;
  /**
   * Fired when the page has drawn an exchange: the monotonic ms at which its message was sent and
   * answered.
   */
  readonly onDidPaint: vscode.Event<{ readonly exchangeId: string; readonly after: number }>;
  readonly visible: boolean;
}

export interface InspectorOptions {
  readonly extensionUri: vscode.Uri;
  readonly state: vscode.Memento;
  readonly history: History;
  readonly lab: Lab;
  readonly readContent: ReadContent;
  readonly readWire: ReadWire;
  /** Where what is typed for a WebSocket goes, and whose jar is asked. */
  readonly engine: Pick<EngineClient, 'sendMessage' | 'closeStream' | 'otherCookies'>;
  readonly onAction: (action: InspectorAction, exchangeId: string) => void;
}

const selectedKey = 'inspector.selected';

/** While a response comes in, the page is told this often at most (ms). */
const interval = 50;

/** A strip of more requests than this could not be read, and each update would carry them all. */
const longestRun = 20;

/** The one panel: what it shows lives here, so that the page can be thrown away and drawn again. */
export function createInspector(options: InspectorOptions): Inspector {
  const { history, lab } = options;
  const painted = new vscode.EventEmitter<{ exchangeId: string; after: number }>();
  let panel: vscode.WebviewPanel | undefined;
  let ready = false;
  /** The sends of the run on the screen; the last is the one that goes on. */
  let specIds: readonly string[] = [];
  let selected: string | undefined;
  let postedAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const post = (message: ToInspector): void => {
    if (ready) void panel?.webview.postMessage(message);
  };

  const show = (): void => {
    clearTimeout(timer);
    timer = undefined;
    postedAt = performance.now();
    const send = history.send(specIds.at(-1) ?? '');
    const exchanges = specIds.flatMap((specId) => history.exchangesOf(specId)).map(maskExchangeSecrets);
    const language = languageFor(vscode.env.language);
    const shown = exchanges.find(({ id }) => id === selected) ?? exchanges.at(-1);
    if (!send || !shown) {
      // Until the first event of a send is there, the page keeps what it shows.
      if (send?.running) return;
      if (panel) panel.title = vscode.l10n.t('Inspector');
      post({ type: 'empty', language });
      return;
    }
    if (panel) panel.title = titleOf(shown.spec.method, shown.spec.url);
    post({
      type: 'show',
      language,
      exchanges,
      selected: shown.id,
      running: send.running,
      labRunning: lab.running,
    });
  };

  const showSoon = (): void => {
    timer ??= setTimeout(show, Math.max(0, postedAt + interval - performance.now()));
  };

  const select = (wanted: readonly string[], exchangeId?: string): void => {
    specIds = wanted.slice(-longestRun);
    selected = exchangeId;
  };

  const open = (): void => {
    if (panel) {
      if (!panel.visible) panel.reveal(undefined, true);
      return;
    }
    adopt(
      vscode.window.createWebviewPanel(inspectorViewType, vscode.l10n.t('Inspector'), {
        viewColumn: vscode.ViewColumn.Beside,
        preserveFocus: true,
      }),
    );
  };

  const adopt = (adopted: vscode.WebviewPanel): void => {
    const dist = vscode.Uri.joinPath(options.extensionUri, 'dist');
    panel = adopted;
    ready = false;
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.webview.onDidReceiveMessage((value: unknown) => {
      const message = readMessage(value);
      if (message) receive(message);
    });
    panel.onDidDispose(() => {
      if (panel === adopted) panel = undefined;
      ready = false;
    });
    panel.webview.html = inspectorPage(
      panel.webview,
      dist,
      crypto.randomUUID(),
      vscode.env.language,
    );
  };

  const receive = (message: FromInspector): void => {
    switch (message.type) {
      case 'ready':
        ready = true;
        return show();
      case 'painted':
        void options.state.update(selectedKey, message.exchangeId);
        return painted.fire({
          exchangeId: message.exchangeId,
          after: performance.now() - postedAt,
        });
      case 'stream-send':
        return options.engine.sendMessage(message.exchangeId, message.text);
      case 'stream-close':
        return options.engine.closeStream(message.exchangeId);
      case 'action':
        if (history.exchange(message.exchangeId))
          options.onAction(message.action, message.exchangeId);
        return;
      case 'read-content':
        return void answerRead(message);
      case 'read-wire':
        return void answerWire(message);
      case 'read-other-cookies':
        return void answerOtherCookies(message);
      default:
        assertNever(message);
    }
  };

  const answerRead = async ({
    readId,
    exchangeId,
    offset,
    length,
  }: Extract<FromInspector, { type: 'read-content' }>): Promise<void> => {
    const exchange = history.exchange(exchangeId);
    const content = exchange && (await readMasked(exchange, offset, length));
    // A copy that is no Buffer: those reach the page as JSON, other byte arrays as they are.
    post(
      content
        ? { type: 'content', readId, bytes: new Uint8Array(content.bytes), total: content.total }
        : { type: 'content', readId, total: 0 },
    );
  };

  const answerWire = async (
    { readId, exchangeId }: Extract<FromInspector, { type: 'read-wire' }>,
  ): Promise<void> => {
    const exchange = history.exchange(exchangeId);
    const reading = exchange ? await options.readWire(exchange) : { missing: 'forgotten' as const };
    post({ type: 'wire', readId, ...reading });
  };

  const answerOtherCookies = async (
    { readId, exchangeId }: Extract<FromInspector, { type: 'read-other-cookies' }>,
  ): Promise<void> => {
    const exchange = history.exchange(exchangeId);
    const others = exchange && await options.engine.otherCookies(exchange);
    post({ type: 'other-cookies', readId, ...(others ? { others } : {}) });
  };

  /** Secrets the request took from private files become asterisks, also where a window cuts them. */
  const readMasked = async (
    { id, spec }: Exchange,
    offset: number,
    length: number,
  ): Promise<Content | undefined> => {
    const masker = createSecretMask(spec.secrets ?? []);
    if (!masker) return options.readContent(id, offset, length);
    const start = Math.max(0, offset - masker.longest);
    const read = await options.readContent(id, start, offset - start + length + masker.longest);
    if (!read) return undefined;
    const bytes = masker.inPlace(read.bytes).subarray(offset - start, offset - start + length);
    return { bytes, total: read.total };
  };

  const restore = async (restored: vscode.WebviewPanel): Promise<void> => {
    await history.load();
    const wanted = options.state.get<string>(selectedKey);
    const send =
      (wanted === undefined ? undefined : history.sendOf(wanted)) ?? history.sends().at(-1);
    select(send ? [send.specId] : [], wanted);
    panel?.dispose();
    adopt(restored);
  };

  const subscriptions = [
    vscode.window.registerWebviewPanelSerializer(inspectorViewType, {
      deserializeWebviewPanel: restore,
    }),
    lab.onDidChange(showSoon),
    {
      dispose: history.onChange((change) => {
        if (change.specId !== undefined && !specIds.includes(change.specId)) return;
        if (change.outcome) show();
        else showSoon();
      }),
    },
    painted,
  ];

  return {
    onDidPaint: painted.event,
    get shown() {
      return selected ?? history.send(specIds.at(-1) ?? '')?.exchangeIds.at(-1);
    },
    get visible() {
      return panel?.visible ?? false;
    },
    showSend: (specId, before) => {
      select([...before, specId]);
      open();
    },
    showExchange: async (exchangeId) => {
      await history.load();
      const send = exchangeId === undefined ? history.sends().at(-1) : history.sendOf(exchangeId);
      const isHere = send && exchangeId !== undefined && specIds.includes(send.specId);
      if (send) select(isHere ? specIds : [send.specId], exchangeId);
      open();
      show();
    },
    dispose: () => {
      clearTimeout(timer);
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}

function titleOf(method: string, url: string): string {
  const parsed = URL.parse(url);
  return `${method} ${parsed ? parsed.pathname : url}`.slice(0, 60);
}
