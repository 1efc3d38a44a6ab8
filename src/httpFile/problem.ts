import type { Problem, Range, Severity } from './syntax.ts';

/** What can be wrong with a request file, and how serious it is. Each has a text in both languages. */
export const problemSeverities = {
  // the file
  'file-too-large': 'error',
  // blocks
  'separator-missing': 'warning',
  'no-request-line': 'error',
  'not-a-request': 'warning',
  'loose-request-line': 'warning',
  'comment-not-closed': 'warning',
  'script-not-closed': 'error',
  'js-block-not-closed': 'error',
  // the request line
  'url-missing': 'error',
  'url-quoted': 'error',
  'url-space': 'information',
  'scheme-missing': 'information',
  'http-version-unknown': 'warning',
  'http-3-unsupported': 'warning',
  'query-after-header': 'warning',
  'curl-quote-not-closed': 'error',
  'curl-option-unsupported': 'error',
  'curl-option-ignored': 'warning',
  'curl-variable': 'information',
  'shell-value-unknown': 'error',
  'curl-line-ignored': 'warning',
  // headers
  'header-without-colon': 'error',
  'space-before-colon': 'warning',
  'blank-line-missing': 'information',
  'header-name-space': 'warning',
  'header-after-blank-line': 'warning',
  // bodies
  'comment-stripped': 'information',
  'trailing-comment-sent': 'information',
  'indented-include': 'information',
  // metadata
  'metadata-without-request': 'warning',
  'metadata-ignored': 'information',
  'metadata-misspelt': 'information',
  'metadata-unknown': 'information',
  'request-disabled': 'information',
  'metadata-no-value': 'warning',
  'timeout-invalid': 'warning',
  'timeout-large': 'warning',
  'name-twice': 'warning',
  'name-duplicate': 'information',
  // variables
  'variable-name-space': 'error',
  'variable-equals-missing': 'error',
  'variable-redefined': 'information',
  'variable-quotes': 'information',
  'variable-path-escaped': 'information',
  'variable-cycle': 'error',
  'variable-unclosed': 'error',
  // recognised and never sent
  'script-not-run': 'information',
  'js-block-not-run': 'information',
  'assert-not-run': 'information',
  'redirect-not-run': 'information',
  'response-ref-ignored': 'information',
  'run-not-run': 'information',
  'spread-not-supported': 'warning',
  'protocol-not-sent': 'warning',
  'message-not-sent': 'information',
  'loop-not-run': 'warning',
  'nop-not-run': 'error',
  // found when the request is prepared
  'variable-undefined': 'error',
  'variable-undefined-inside': 'error',
  'variable-undefined-itself': 'error',
  'variable-undefined-untrusted': 'error',
  'variable-too-deep': 'error',
  'variable-too-large': 'error',
  'process-variable-undefined': 'error',
  'dotenv-variable-undefined': 'error',
  'environment-untrusted': 'error',
  'token-unsupported': 'error',
  'history-folder-unsupported': 'error',
  'example-server-unsupported': 'error',
  'dynamic-arguments': 'error',
  'random-unknown': 'error',
  'lab-not-running': 'error',
  'lab-variable-unknown': 'error',
  'method-invalid': 'error',
  'protocol-unsupported': 'error',
  'host-missing': 'error',
  'asterisk-unsupported': 'error',
  'scheme-unsupported': 'error',
  'port-invalid': 'error',
  'url-invalid': 'error',
  'url-control-character': 'error',
  'header-name-invalid': 'error',
  'header-from-value': 'error',
  'header-line-break': 'error',
  'header-characters': 'error',
  'authorization-unsupported': 'error',
  'authorization-token-unsupported': 'error',
  'content-length-recomputed': 'warning',
  'insecure-ignored': 'warning',
  'proxy-ignored': 'warning',
  'proxy-unsupported': 'error',
  'body-file-missing': 'error',
  'body-file-not-regular': 'error',
  'body-file-unreadable': 'error',
  'body-file-outside': 'error',
  'body-file-too-large': 'error',
  'include-not-substituted': 'information',
  'body-encoding-unknown': 'error',
  'form-ampersand-missing': 'warning',
  'form-percent-ampersand': 'warning',
  'graphql-variables-invalid': 'error',
  'body-eol-unknown': 'warning',
  // values of earlier responses, prompts, imports and references
  'response-request-unknown': 'error',
  'response-not-sent': 'error',
  'response-none': 'error',
  'response-header-missing': 'error',
  'response-cookie-missing': 'error',
  'response-path-none': 'error',
  'response-path-invalid': 'error',
  'response-path-slow': 'error',
  'response-not-json': 'error',
  'response-not-xml': 'error',
  'response-binary': 'error',
  'response-too-large': 'error',
  'response-value-too-large': 'error',
  'response-content-gone': 'error',
  'prompt-unanswered': 'error',
  'import-missing': 'warning',
  'import-outside': 'warning',
  'import-too-deep': 'warning',
  'ref-unknown': 'error',
  'ref-cycle': 'error',
  'ref-failed': 'error',
  'multipart-boundary-injected': 'error',
  'multipart-line-break': 'error',
  // files of environments
  'environment-file-unreadable': 'warning',
  'environment-file-too-large': 'warning',
  'environment-file-invalid': 'warning',
  'environment-not-object': 'warning',
  'environment-key-ignored': 'information',
  'environment-provider-unsupported': 'error',
  'environment-private-wins': 'information',
  'environment-script-not-run': 'information',
} as const satisfies Record<string, Severity>;

export type ProblemCode = keyof typeof problemSeverities;

/** Found while reading, and such that what would be sent is not what the author means. */
const refusing: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'curl-quote-not-closed', 'curl-option-unsupported', 'nop-not-run', 'script-not-closed',
]);

/** Whether a request with a problem of this code is not sent. */
export function isRefusing(code: ProblemCode): boolean {
  return refusing.has(code);
}

/** A problem of a code's own severity at a range. */
export function problem(
  code: ProblemCode, range: Range, places: Record<string, string> = {},
): Problem {
  return { code, severity: problemSeverities[code], range, places };
}
