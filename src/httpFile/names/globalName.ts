const prefix = 'global.';

/** What httpYac's `@global.v` is called for a file: `{{v}}` means it as well when nothing nearer defines `v`. */
export function globalName(name: string): string {
  return prefix + name;
}

/** The name without `global.`. */
export function withoutGlobal(name: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
