import { applyEdits, findNodeAtLocation, modify, parse, parseTree } from 'jsonc-parser';

/** A text with a value that is to be typed, at this offset (UTF-16). */
export interface WithEmptyValue {
  readonly text: string;
  readonly offset: number;
}

/**
 * The text of `http-client.env.json` with a new name, whose value is still empty: under the chosen environment, else
 * under the first one, else under `$shared`. Comments and the rest of the text stay as they are.
 */
export function withEnvironmentName(
  text: string,
  name: string,
  chosen: string | undefined,
): WithEmptyValue | undefined {
  const all = parse(text, [], { allowTrailingComma: true }) as unknown;
  if (typeof all !== 'object' || all === null || Array.isArray(all)) return undefined;
  const environments = Object.keys(all);
  const environment =
    environments.find((one) => one === chosen) ??
    environments.find((one) => !one.startsWith('$')) ??
    '$shared';
  if (name in ((all as Record<string, object>)[environment] ?? {})) return undefined;
  const formattingOptions = { insertSpaces: !/^\t/m.test(text), tabSize: 2 };
  const edited = applyEdits(text, modify(text, [environment, name], '', { formattingOptions }));
  const root = parseTree(edited, [], { allowTrailingComma: true });
  const value = root && findNodeAtLocation(root, [environment, name]);
  return value && { text: edited, offset: value.offset + 1 };
}
