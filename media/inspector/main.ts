import { render } from 'lit';
import { say } from '../../src/explain/text/text.ts';
import { inspectorTexts } from '../../src/explain/text/inspector.ts';
import type { Language, ToInspector } from '../../src/protocol.ts';
import { createStopwatch } from '../../src/explain/elapsed.ts';
import type { LabState } from '../../src/explain/failure.ts';
import { createContents } from './contents.ts';
import { host } from './host.ts';
import './inspector.css';
import { emptyPage, page } from './page.ts';
import { narrowHex } from './hexView.ts';
import { createOtherCookiesReader } from './otherCookies.ts';
import { freshLocalState, restoreState } from './state.ts';
import type { LocalState, SavedState, View } from './state.ts';
import { createWires } from './wires.ts';

// What the host said last, and how it is looked at. Facts are never kept here: the host replays them.
let shown: Extract<ToInspector, { type: 'show' }> | undefined;
let language: Language = document.documentElement.lang === 'ko' ? 'ko' : 'en';
let selected: string | undefined;
let saved: SavedState = restoreState(host.getState());
let local: LocalState = freshLocalState;
let announced: string | undefined;
let timer: ReturnType<typeof setInterval> | undefined;
/** The first exchange of the send that was last shown while the lab did not run. */
let withoutLab: string | undefined;

const contents = createContents((message) => host.postMessage(message), draw);
const wires = createWires((message) => host.postMessage(message), draw);
const otherCookies = createOtherCookiesReader((message) => host.postMessage(message), draw);
const stopwatch = createStopwatch();
const root = document.createElement('main');
document.body.append(root);

window.addEventListener('message', ({ data }: MessageEvent<ToInspector>) => {
  switch (data?.type) {
    case 'show': return show(data);
    case 'empty': return showNothing(data.language);
    case 'content': return contents.receive(data);
    case 'wire': return wires.receive(data);
    case 'other-cookies': return otherCookies.receive(data);
    default: return; // unknown messages are dropped
  }
});

function show(message: Extract<ToInspector, { type: 'show' }>): void {
  const another =
    message.selected !== shown?.selected || message.exchanges[0]?.id !== shown.exchanges[0]?.id;
  shown = message;
  if (another || !message.exchanges.some(({ id }) => id === selected)) select(message.selected);
  setLanguage(message.language);
  draw();
  afterPainting(() => {
    if (shown === message && selected !== undefined)
      host.postMessage({ type: 'painted', exchangeId: selected });
  });
}

function showNothing(spoken: Language): void {
  shown = undefined;
  selected = undefined;
  setLanguage(spoken);
  draw();
}

function setLanguage(spoken: Language): void {
  language = spoken;
  document.documentElement.lang = spoken;
  document.title = say(inspectorTexts, spoken, 'page');
}

function select(exchangeId: string): void {
  if (exchangeId !== selected) {
    local = freshLocalState;
    contents.keep(exchangeId);
  }
  selected = exchangeId;
}

/** The frame after the next one: by then what was drawn is on the screen. */
function afterPainting(then: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(then));
}

function draw(): void {
  const exchange = shown?.exchanges.find(({ id }) => id === selected) ?? shown?.exchanges.at(-1);
  if (!shown || !exchange) {
    keepTime(false);
    render(emptyPage(language), root);
    return;
  }
  const view: View = {
    language,
    exchange,
    exchanges: shown.exchanges,
    running: shown.running,
    lab: labState(shown),
    elapsed: shown.running ? stopwatch.elapsed(exchange, performance.now()) : undefined,
    saved,
    local,
    contents,
    wires,
    otherCookies,
    t: (id, places) => say(inspectorTexts, language, id, places),
    save: (change) => {
      saved = { ...saved, ...change };
      host.setState(saved);
      draw();
    },
    change: (change) => {
      local = { ...local, ...change };
      draw();
    },
    select: (exchangeId) => {
      select(exchangeId);
      draw();
      host.postMessage({ type: 'painted', exchangeId });
    },
    sendMessage: (text) => host.postMessage({ type: 'stream-send', exchangeId: exchange.id, text }),
    closeStream: () => host.postMessage({ type: 'stream-close', exchangeId: exchange.id }),
    act: (action) => host.postMessage({ type: 'action', action, exchangeId: exchange.id }),
  };
  render(page(view, announced), root);
  announce(view);
  keepTime(view.running && view.elapsed !== undefined);
}

/** Five times a second while an exchange runs; otherwise nothing moves. */
const tick = 200;

function keepTime(running: boolean): void {
  if (running === (timer !== undefined)) return;
  if (running) {
    timer = setInterval(draw, tick);
    return;
  }
  clearInterval(timer);
  timer = undefined;
}

/** Started since, only when this page saw these exchanges while the lab did not run. */
function labState({ labRunning, exchanges }: Extract<ToInspector, { type: 'show' }>): LabState {
  const id = exchanges[0]?.id;
  if (!labRunning) withoutLab = id;
  else if (withoutLab !== id) return 'running';
  return labRunning ? 'started' : 'stopped';
}

/**
 * A finished exchange is told once, after it is drawn: a live region speaks only when its text
 * changes.
 */
function announce(view: View): void {
  if (view.exchange.endAt === undefined || announced === view.exchange.id) return;
  announced = view.exchange.id;
  render(page(view, announced), root);
}

matchMedia(narrowHex).addEventListener('change', draw);
draw();
host.postMessage({ type: 'ready' });
