import { resend, variant } from './failureCase.ts';
import type { Case, Id, Plan } from './failureCase.ts';

/** What is said of content that ended before its end. */
export function truncatedPlan(c: Case): Plan {
  return { texts: truncationTexts(c), steps: ['look-at-partial', resend, 'check-server-log'] };
}

/** By where it was cut: in what the coding promises, in TLS, or in what the framing promises. */
function truncationTexts(c: Case): Id[] {
  switch (c.failure.detail?.['where']) {
    case 'content-coding': return ['text-response-truncated-coding'];
    case 'close-notify': return ['text-response-truncated-goodbye'];
    default: return variant(c, 'text-response-truncated', 'text-response-truncated-promised');
  }
}

/**
 * What is said of content in more codings than are undone, in one that it is not in, or with more behind it (RFC 9110
 * §8.4).
 */
export function decodingPlan(c: Case): Plan {
  if (typeof c.failure.detail?.['codings'] === 'number') {
    return {
      texts: variant(c, 'text-decoding-failed', 'text-decoding-failed-codings'), steps: ['raise-content-codings'],
    };
  }
  if (c.failure.detail?.['excess'] !== undefined) {
    return {
      title: 'title-decoding-failed-excess', texts: ['text-decoding-failed-excess'],
      steps: ['look-at-partial', ['check-coding', 'show-source'], 'check-server-log'],
    };
  }
  return {
    texts: variant(c, 'text-decoding-failed', 'text-decoding-failed-coding'),
    steps: [['check-coding', 'show-source'], 'check-server-log'],
  };
}

/** Which limit, whether somebody was asked, and what is there of the content. */
export function tooLargePlan(c: Case): Plan {
  const { expansion, announced, asked, contentSize } = c.failure.detail ?? {};
  const raise = expansion === undefined ? 'raise-content-size' : 'raise-content-expansion';
  const text = expansion !== undefined ? 'text-content-too-large-expansion'
    : announced !== undefined && contentSize === 0 ? 'text-content-too-large-announced'
    : 'text-content-too-large-limit';
  return {
    texts: [...asked ? ['text-content-too-large-asked' as const] : [], ...variant(c, 'text-content-too-large', text)],
    steps: [raise, ['range', 'show-source'], ...contentSize === 0 ? [] : ['look-at-partial' as const]],
  };
}
