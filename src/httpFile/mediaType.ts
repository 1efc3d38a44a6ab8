/** The media type of a `Content-Type` value in lower case without parameters (RFC 9110 §8.3.1); '' for none. */
export function mediaTypeOf(contentType: string | undefined): string {
  if (contentType === undefined) return '';
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/**
 * C2: whether comment lines of a body are part of it. They are in texts; in data formats, and where no type is
 * given, they are the writer's notes.
 */
export function keepsComments(mediaType: string): boolean {
  if (mediaType === '' || mediaType.includes('{{')) return false;
  if (mediaType.startsWith('text/')) return mediaType !== 'text/html' && mediaType !== 'text/xml';
  return !/json|xml|graphql|x-www-form-urlencoded/.test(mediaType);
}
