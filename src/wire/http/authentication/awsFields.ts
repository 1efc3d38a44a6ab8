import type { FieldLine } from '../../../trace/request.ts';
import { mask } from '../../../trace/secretValues.ts';
import { fieldOctets, fieldValue } from '../fields.ts';
import { canonicalRequest, signature, stringToSign } from './awsSignature.ts';
import type { Authorized, AwsCredentials, Outgoing } from './authenticator.ts';
import { bodyHash } from './bodyHash.ts';

/**
 * The fields that AWS Signature Version 4 adds to a request: `X-Amz-Date` (from `now`, epoch ms, unless it is typed),
 * the session's token, for S3 the hash of the content, and `Authorization`. Signed are `Host`, `Content-Type`,
 * `Content-MD5` and every `X-Amz-…`: what AWS asks for, and nothing that a proxy may change.
 */
export async function signedFields(
  outgoing: Outgoing, credentials: AwsCredentials, now: number,
): Promise<Authorized> {
  const { spec, url, authority } = outgoing;
  const { accessKeyId, region, service, sessionToken, guessed = [] } = credentials;
  const typedHash = fieldValue(spec.headers, 'x-amz-content-sha256');
  const hash = typedHash ?? await bodyHash('sha256', outgoing.body, outgoing.signal);
  const added = fieldsAdded(spec.headers, {
    'X-Amz-Date': timeText(now), 'X-Amz-Security-Token': sessionToken,
    'X-Amz-Content-Sha256': service === 's3' ? hash : undefined,
  });
  const headers: FieldLine[] = [
    ['host', authority], ...[...spec.headers, ...added].filter(([name]) => isSigned(name.toLowerCase())),
  ];
  const time = fieldValue(headers, 'x-amz-date')!;
  const canonical = canonicalRequest({ method: spec.method, url, headers, bodyHash: hash, service });
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const toSign = stringToSign(time, scope, canonical.text);
  const signed = signature(credentials, scope, toSign);
  const value = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${canonical.signedHeaders}, `
    + `Signature=${signed}`;
  const shown = sessionToken ? canonical.text.replaceAll(sessionToken, mask) : canonical.text;
  return {
    fields: [...added, ['Authorization', value]],
    facts: {
      scheme: 'aws', accessKeyId, region, service, guessed, canonicalRequest: shown, stringToSign: toSign,
      signature: signed,
    },
  };
}

/** What is typed stays; what has no value is left out. */
function fieldsAdded(
  headers: readonly FieldLine[], fields: Readonly<Record<string, string | undefined>>,
): FieldLine[] {
  return Object.entries(fields).flatMap(([name, value]): FieldLine[] =>
    value === undefined || fieldValue(headers, name.toLowerCase()) !== undefined ? [] : [[name, fieldOctets(value)]]);
}

function isSigned(name: string): boolean {
  return name === 'content-type' || name === 'content-md5' || name.startsWith('x-amz-');
}

/** `20130524T000000Z`. */
function timeText(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
}
