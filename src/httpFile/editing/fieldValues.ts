/** A value that is offered for a field. */
export interface FieldValue {
  /** What it is called in the list. */
  readonly value: string;
  /** What is put in, as a snippet, when it is more than the value. */
  readonly snippet?: string;
}

/** How a field's value is made up: of one piece, or of several with commas between. */
interface FieldValues {
  readonly list: boolean;
  readonly values: readonly FieldValue[];
}

const plain = (...values: string[]): FieldValue[] => values.map((value) => ({ value }));
const one = (...values: FieldValue[]): FieldValues => ({ list: false, values });
const many = (...values: FieldValue[]): FieldValues => ({ list: true, values });

const languages = plain('en', 'en-US', 'en-GB', 'ko', 'ko-KR', 'ja', 'zh-CN', 'zh-TW', 'de', 'fr', 'es', 'pt-BR', '*');
const codings = plain('gzip', 'br', 'zstd', 'deflate', 'identity');
const moment: FieldValue = { value: '{{$datetime rfc1123}}', snippet: '{{\\$datetime rfc1123}}' };
const guid: FieldValue = { value: '{{$guid}}', snippet: '{{\\$guid}}' };
const tag: FieldValue = { value: '"…"', snippet: '"${1:etag}"' };
const forms: FieldValue[] = [
  { value: 'multipart/form-data', snippet: 'multipart/form-data; boundary=${1:boundary}' },
];

/** What stands in a body, in the order in which it is offered. */
const contentTypes: readonly FieldValue[] = [
  ...plain('application/json', 'application/x-www-form-urlencoded'), ...forms,
  ...plain(
    'text/plain', 'application/xml', 'text/xml', 'text/html', 'application/octet-stream', 'application/graphql',
    'application/problem+json', 'application/merge-patch+json', 'application/json-patch+json', 'application/ld+json',
    'application/hal+json', 'application/vnd.api+json', 'application/x-ndjson', 'application/json-seq',
    'application/soap+xml', 'application/atom+xml', 'application/yaml', 'application/cbor', 'application/msgpack',
    'application/protobuf', 'application/pdf', 'application/zip', 'application/gzip', 'text/javascript', 'text/css',
    'text/csv', 'text/markdown', 'text/calendar', 'multipart/mixed', 'multipart/related',
    'image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml',
  ),
];

/** What an answer may be, in the order in which it is offered. */
const accepted: readonly FieldValue[] = plain(
  'application/json', '*/*', 'text/html', 'text/plain', 'application/xml', 'text/event-stream',
  'application/problem+json', 'application/graphql-response+json', 'application/hal+json', 'application/ld+json',
  'application/vnd.api+json', 'application/vnd.github+json', 'application/x-ndjson', 'application/octet-stream',
  'application/pdf', 'application/yaml', 'text/csv', 'text/markdown', 'image/*', 'image/png', 'image/webp',
  'image/avif', 'image/svg+xml', 'text/*',
);

const tables: Readonly<Record<string, FieldValues>> = {
  'accept': many(...accepted),
  'content-type': one(...contentTypes),
  'accept-charset': many(...plain('utf-8', 'iso-8859-1', '*')),
  'accept-encoding': many(...codings, { value: '*' }),
  'content-encoding': many(...codings.slice(0, 4)),
  'accept-language': many(...languages, { value: 'ko-KR,ko;q=0.9,en;q=0.8' }, { value: 'en-US,en;q=0.9' }),
  'content-language': many(...languages.slice(0, -1)),
  'authorization': one(
    { value: 'Bearer', snippet: 'Bearer ${1:token}' },
    { value: 'Basic', snippet: 'Basic ${1:user} ${2:password}' },
    { value: 'Digest', snippet: 'Digest ${1:user} ${2:password}' },
    {
      value: 'AWS',
      snippet: 'AWS ${1:access key id} ${2:secret access key} region:${3:us-east-1} service:${4:execute-api}',
    },
  ),
  'proxy-authorization': one({ value: 'Basic', snippet: 'Basic ${1:credentials}' }),
  'cache-control': many(
    ...plain('no-cache', 'no-store'), { value: 'max-age', snippet: 'max-age=${1:0}' },
    { value: 'max-stale', snippet: 'max-stale=${1:60}' }, { value: 'min-fresh', snippet: 'min-fresh=${1:60}' },
    ...plain('no-transform', 'only-if-cached'),
  ),
  'pragma': one(...plain('no-cache')),
  'connection': many(...plain('keep-alive', 'close', 'Upgrade')),
  'upgrade': many(...plain('websocket', 'h2c')),
  'expect': one(...plain('100-continue')),
  'prefer': many(
    ...plain('return=minimal', 'return=representation', 'respond-async'), { value: 'wait', snippet: 'wait=${1:10}' },
    ...plain('handling=strict', 'handling=lenient'),
  ),
  'range': one(...plain('bytes=0-1023', 'bytes=1024-', 'bytes=-500')),
  'if-match': many({ value: '*' }, tag),
  'if-none-match': many({ value: '*' }, tag, { value: 'W/"…"', snippet: 'W/"${1:etag}"' }),
  'if-modified-since': one(moment),
  'if-unmodified-since': one(moment),
  'accept-datetime': one(moment),
  'date': one(moment),
  'idempotency-key': one(guid),
  'x-request-id': one(guid),
  'x-correlation-id': one(guid),
  'te': many(...plain('trailers')),
  'transfer-encoding': many(...plain('chunked', 'gzip')),
  'content-disposition': one(
    { value: 'form-data', snippet: 'form-data; name="${1:field}"' },
    { value: 'attachment', snippet: 'attachment; filename="${1:file}"' }, { value: 'inline' },
  ),
  'access-control-request-method': one(...plain('GET', 'POST', 'PUT', 'PATCH', 'DELETE')),
  'dnt': one(...plain('1', '0')),
  'sec-gpc': one(...plain('1')),
  'save-data': one(...plain('on')),
  'upgrade-insecure-requests': one(...plain('1')),
  'early-data': one(...plain('1')),
  'priority': many(...plain('u=0', 'u=3', 'u=7', 'i')),
  'depth': one(...plain('0', '1', 'infinity')),
  'overwrite': one(...plain('T', 'F')),
  'timeout': one(...plain('Second-600', 'Infinite')),
  'urgency': one(...plain('very-low', 'low', 'normal', 'high')),
  'service-worker': one(...plain('script')),
  'mime-version': one(...plain('1.0')),
  'odata-version': one(...plain('4.0', '4.01')),
  'odata-maxversion': one(...plain('4.0', '4.01')),
  'want-content-digest': many(...plain('sha-256=10', 'sha-512=10')),
  'want-repr-digest': many(...plain('sha-256=10', 'sha-512=10')),
  'sec-websocket-version': one(...plain('13')),
  'sec-fetch-dest': one(...plain('document', 'empty', 'font', 'iframe', 'image', 'script', 'style', 'video', 'worker')),
  'sec-fetch-mode': one(...plain('navigate', 'cors', 'no-cors', 'same-origin', 'websocket')),
  'sec-fetch-site': one(...plain('same-origin', 'same-site', 'cross-site', 'none')),
  'sec-fetch-user': one(...plain('?1')),
  'sec-purpose': one(...plain('prefetch')),
  'sec-ch-ua-mobile': one(...plain('?0', '?1')),
  'sec-ch-ua-platform': one(...plain('"Windows"', '"macOS"', '"Linux"', '"Android"')),
  'traceparent': one({
    value: '00-…-01', snippet: '00-${1:0af7651916cd43dd8448eb211c80319c}-${2:b7ad6b7169203331}-01',
  }),
  'x-request-type': one(...plain('GraphQL')),
  'x-requested-with': one(...plain('XMLHttpRequest')),
  'x-http-method-override': one(...plain('PUT', 'PATCH', 'DELETE')),
  'x-forwarded-proto': one(...plain('https', 'http')),
  'x-b3-sampled': one(...plain('1', '0')),
  'x-github-api-version': one(...plain('2022-11-28')),
};

/** Well-known values of a field, if there are some; `name` in any case. */
export function valuesOf(name: string): FieldValues | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(tables, lower) ? tables[lower] : undefined;
}
