import type { Connection, TcpReading } from '../trace/exchange.ts';
import type { TcpFigures } from '../trace/link.ts';
import { formatDuration, formatNumber, formatRate, formatSize } from './format.ts';
import type { Language } from './text/language.ts';
import { tcpTexts } from './text/tcp.ts';
import { say } from './text/text.ts';

/** One figure at each reading, and what it means. */
interface FigureRow {
  readonly name: string;
  /** As many as there are readings with figures; undefined where the kernel did not tell it then. */
  readonly values: readonly (string | undefined)[];
  readonly meaning: string;
}

interface FigureTable {
  /** When the kernel was asked, ms from the start. */
  readonly times: readonly string[];
  readonly rows: readonly FigureRow[];
  readonly note: string;
}

/** What the kernel counted of a connection; undefined when it told nothing. `startAt` is the exchange's. */
export function figuresOf({ tcp = [] }: Connection, startAt: number, language: Language): FigureTable | undefined {
  const readings = different(tcp.filter(({ figures }) => figures !== undefined));
  const latest = readings.at(-1)?.figures;
  if (!latest) return undefined;
  const times = readings.map(({ at }) => formatDuration(Math.max(0, at - startAt), language));
  const rows = columns.map(({ id, value, meaning }): FigureRow => ({
    name: say(tcpTexts, language, id),
    values: readings.map(({ figures = {} }) => value(figures, language)),
    meaning: meaning?.(latest, language) ?? say(tcpTexts, language, `${id}-text`),
  })).filter(({ values }) => values.some((one) => one !== undefined));
  return { times, rows, note: say(tcpTexts, language, 'note', { times: times.join(', ') }) };
}

/** Why there are no figures; undefined when there are some or nobody asked. */
export function explainSilence({ tcp = [] }: Connection, language: Language): string | undefined {
  const silence = tcp.at(-1)?.silence;
  return silence === undefined || tcp.some(({ figures }) => figures) ? undefined : say(tcpTexts, language, silence);
}

/** On loopback an exchange may be over when the kernel is first asked: the same figures twice tell nothing. */
function different(readings: readonly TcpReading[]): readonly TcpReading[] {
  const [first, second] = readings;
  if (!first || !second) return readings;
  return JSON.stringify(first.figures) === JSON.stringify(second.figures) ? [second] : readings;
}

type Id =
  | 'rtt' | 'min-rtt' | 'rto' | 'mss' | 'cwnd' | 'send-window' | 'sent' | 'acknowledged' | 'received' | 'segments' | 'retransmissions'
  | 'delivery-rate' | 'state';

interface Column {
  readonly id: Id;
  readonly value: (figures: TcpFigures, language: Language) => string | undefined;
  /** Where it holds a figure itself; else the text named after the id. */
  readonly meaning?: (figures: TcpFigures, language: Language) => string;
}

function sizeOf(bytes: number | undefined, language: Language): string | undefined {
  return bytes === undefined ? undefined : formatSize(bytes, language);
}

/** Sizes of packets are known by their exact figures. */
function exactly(bytes: number, language: Language): string {
  return say(tcpTexts, language, 'bytes', { count: formatNumber(bytes, language) });
}

function timeOf(ms: number | undefined, language: Language): string | undefined {
  return ms === undefined ? undefined : formatDuration(ms, language);
}

const columns: readonly Column[] = [
  { id: 'state', value: ({ state }) => state },
  {
    id: 'rtt',
    value: ({ rtt, rttVariation: variation }, language) => {
      if (rtt === undefined) return undefined;
      const time = formatDuration(rtt, language);
      return variation === undefined ? time : `${time} ± ${formatDuration(variation, language)}`;
    },
  },
  { id: 'min-rtt', value: ({ minRtt }, language) => timeOf(minRtt, language) },
  { id: 'rto', value: ({ retransmissionTimeout }, language) => timeOf(retransmissionTimeout, language) },
  {
    id: 'retransmissions',
    // The kernel tells no counter that is zero: with a round-trip time it told what it had.
    value: ({ retransmissions, rtt, bytesRetransmitted }, language) => {
      if (retransmissions === undefined && rtt === undefined) return undefined;
      if (retransmissions === undefined) return say(tcpTexts, language, 'retransmissions-none');
      const count = retransmissions === 1 ? say(tcpTexts, language, 'retransmissions-one')
        : say(tcpTexts, language, 'retransmissions-value', { count: formatNumber(retransmissions, language) });
      return bytesRetransmitted === undefined ? count : `${count}, ${formatSize(bytesRetransmitted, language)}`;
    },
  },
  { id: 'sent', value: ({ bytesSent }, language) => sizeOf(bytesSent, language) },
  // Of each reading: what was on its way then is acknowledged later, when nobody asks any more.
  { id: 'acknowledged', value: ({ bytesAcknowledged }, language) => sizeOf(bytesAcknowledged, language) },
  { id: 'received', value: ({ bytesReceived }, language) => sizeOf(bytesReceived, language) },
  {
    id: 'segments',
    value: (
      { segmentsSent, segmentsReceived }, language,
    ) => segmentsSent === undefined || segmentsReceived === undefined
      ? undefined : `${formatNumber(segmentsSent, language)} / ${formatNumber(segmentsReceived, language)}`,
  },
  {
    id: 'mss', value: ({ mss }, language) => mss === undefined ? undefined : exactly(mss, language),
    meaning: mssMeaning,
  },
  { id: 'cwnd', value: windowValue, meaning: windowMeaning },
  { id: 'send-window', value: ({ sendWindow }, language) => sizeOf(sendWindow, language) },
  {
    id: 'delivery-rate',
    value: ({ deliveryRate: rate }, language) => rate === undefined ? undefined : formatRate(rate / 8, 1000, language),
  },
];

function mssMeaning({ pathMtu }: TcpFigures, language: Language): string {
  return pathMtu === undefined ? say(tcpTexts, language, 'mss-text-plain')
    : say(tcpTexts, language, 'mss-text', { mtu: exactly(pathMtu, language) });
}

function windowValue({ congestionWindow: window, mss }: TcpFigures, language: Language): string | undefined {
  if (window === undefined) return undefined;
  const count = formatNumber(window, language);
  return mss === undefined ? say(tcpTexts, language, 'cwnd-value', { count })
    : say(tcpTexts, language, 'cwnd-value-size', { count, size: formatSize(window * mss, language) });
}

function windowMeaning({ congestionControl }: TcpFigures, language: Language): string {
  return congestionControl === undefined ? say(tcpTexts, language, 'cwnd-text-plain')
    : say(tcpTexts, language, 'cwnd-text', { algorithm: congestionControl });
}
