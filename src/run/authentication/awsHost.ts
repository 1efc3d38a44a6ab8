/** Where AWS has its names' region left out, this one is meant. */
const defaultRegion = 'us-east-1';

/** A host's name as AWS makes them: `service.region`, or the other way round for some, below its domain. */
const awsName = /(?:^|\.)([^.]{1,63})\.(?:([^.]{1,63})\.)?amazonaws\.com(?:\.cn)?$/;

/** A function's own address: `id.lambda-url.region.on.aws`. */
const functionName = /\.lambda-url\.([^.]{1,63})\.on\.aws$/;

/**
 * The region and service that a host's name stands for, as REST Client reads it: `bucket.s3.eu-west-1.amazonaws.com`,
 * `dynamodb.us-west-2.amazonaws.com`, `s3-eu-west-1.amazonaws.com`, `iam.amazonaws.com`. No service for other names.
 */
export function guessedScope(host: string): { readonly region: string; readonly service: string | undefined } {
  const functionRegion = functionName.exec(host)?.[1];
  if (functionRegion !== undefined) return { region: functionRegion, service: 'lambda' };
  const [, first, second] = awsName.exec(host) ?? [];
  if (first === undefined) return { region: defaultRegion, service: undefined };
  // Before regions were written with a dot: `s3-eu-west-1`.
  const dashed = [first, second].find((part) => part?.startsWith('s3-'));
  if (dashed !== undefined) return { region: dashed.slice(3), service: 's3' };
  if (second === 's3') return { region: defaultRegion, service: 's3' };
  if (second === 'es' || second === 'aoss') return { region: first, service: second };
  return { region: second ?? defaultRegion, service: first === 'email' ? 'ses' : first };
}
