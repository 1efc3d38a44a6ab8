import type { DialectOptions } from '../dialect.ts';

/** The media type of a `Content-Type` value in lower case without parameters (RFC 9110 §8.3.1); '' for none. */
export function mediaTypeOf(contentType: string | undefined): string {
  if (contentType === undefined) return '';
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/**
 * C2: whether comment lines of a body are part of it. They are in texts; in data formats, and where no type is
 * given, they are the writer's notes. A setting may say otherwise.
 */
export function keepsComments(
  mediaType: string, comments: DialectOptions['bodyComments'] = 'auto',
): boolean {
  if (comments === 'keep') return true;
  // Parts are files and texts of their own, so that nothing in them is the writer's.
  if (comments === 'strip') return mediaType.startsWith('multipart/');
  if (mediaType === '' || mediaType.includes('{{')) return false;
  if (mediaType.startsWith('text/')) return mediaType !== 'text/html' && mediaType !== 'text/xml';
  return !/json|xml|graphql|x-www-form-urlencoded/.test(mediaType);
}
