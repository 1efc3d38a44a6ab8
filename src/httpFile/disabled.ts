import type { HttpRequest } from './syntax.ts';

/** Whether a request is left out when all of a file are sent: `# @disabled`, which `# @disabled false` takes back. */
export function isDisabled({ metadata }: HttpRequest): boolean {
  const disabled = metadata.findLast(({ key }) => key === 'disabled');
  return disabled !== undefined && isDisabling(disabled.value);
}

/** Whether the value of `# @disabled` disables: any does but `false`, also none. */
export function isDisabling(value: string): boolean {
  return value.trim().toLowerCase() !== 'false';
}
