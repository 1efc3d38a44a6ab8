import * as vscode from 'vscode';
import type { EngineClient } from '../run/engineClient.ts';
import type { CookieFileNotice, CookieFilter, StoredCookie } from '../trace/storedCookie.ts';

interface Item extends vscode.QuickPickItem {
  /** What its bin deletes. */
  readonly filter?: CookieFilter;
  readonly cookie?: StoredCookie;
}

/** The file of cookies is not used as it is: says what became of it, and what to do. */
export function reportCookieFile(notice: CookieFileNotice): void {
  void vscode.window.showWarningMessage(noticeText(notice));
}

function noticeText(notice: CookieFileNotice): string {
  const { l10n } = vscode;
  switch (notice.kind) {
    case 'damaged':
      return l10n.t(
        'The stored cookies could not be read, so they were put aside as {0} and a new file was begun. Look at it there, or delete it.', notice.keptAs,
      );
    case 'unreadable':
      return l10n.t(
        'The stored cookies in {0} cannot be read ({1}), so cookies are kept in memory only. Check the file’s permissions.', notice.path, notice.reason,
      );
    case 'unwritable':
      return l10n.t(
        'Cookies cannot be stored in {0} ({1}), so new ones are kept in memory only. Check the folder and the room on the disk.', notice.path, notice.reason,
      );
    default:
      return notice satisfies never;
  }
}

/**
 * Every cookie of the jar by domain, in a list where each, a domain's or all can be deleted. Choosing one copies its
 * value.
 */
export async function showCookies(engine: EngineClient): Promise<void> {
  const pick = vscode.window.createQuickPick<Item>();
  const bin = { iconPath: new vscode.ThemeIcon('trash'), tooltip: vscode.l10n.t('Delete') };
  const all = { iconPath: new vscode.ThemeIcon('clear-all'), tooltip: vscode.l10n.t('Delete every cookie') };
  pick.title = vscode.l10n.t('Cookies');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  const refresh = async (): Promise<void> => {
    pick.busy = true;
    const cookies = await engine.listCookies();
    pick.busy = false;
    pick.items = itemsOf(cookies, bin);
    pick.buttons = cookies.length > 0 ? [all] : [];
    pick.placeholder = cookies.length > 0
      ? vscode.l10n.t('Choose a cookie to copy its value')
      : vscode.l10n.t('No cookies yet: they come with the Set-Cookie fields of responses.');
  };
  const remove = (filter: CookieFilter): void => {
    engine.removeCookies(filter);
    void refresh();
  };
  pick.onDidTriggerItemButton(({ item }) => item.filter && remove(item.filter));
  pick.onDidTriggerButton(() => remove({}));
  pick.onDidAccept(() => {
    const [item] = pick.selectedItems;
    if (!item?.cookie) return;
    void vscode.env.clipboard.writeText(item.cookie.value);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Value of {0} copied', item.cookie.name), 5_000);
    pick.hide();
  });
  pick.onDidHide(() => pick.dispose());
  pick.show();
  await refresh();
}

function itemsOf(cookies: readonly StoredCookie[], bin: vscode.QuickInputButton): Item[] {
  return [...new Set(cookies.map(({ domain }) => domain))].flatMap((domain): Item[] => {
    const own = cookies.filter((cookie) => cookie.domain === domain);
    return [
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      {
        label: `$(globe) ${domain}`, filter: { domain }, buttons: [bin],
        description: own.length === 1 ? vscode.l10n.t('1 cookie') : vscode.l10n.t('{0} cookies', own.length),
      },
      ...own.map((cookie) => ({
        label: `$(blank) ${cookie.name === '' ? vscode.l10n.t('(without a name)') : cookie.name}`,
        description: shortened(cookie.value), detail: `$(blank) ${termsOf(cookie)}`, cookie, buttons: [bin],
        filter: { domain, path: cookie.path, name: cookie.name },
      })),
    ];
  });
}

const shownValue = 80;

function shortened(value: string): string {
  return value.length > shownValue ? `${value.slice(0, shownValue)}…` : value;
}

function termsOf({ path, hostOnly, expires, secure, httpOnly, sameSite, partitioned }: StoredCookie): string {
  const { l10n } = vscode;
  return [
    path,
    hostOnly ? l10n.t('this host only') : l10n.t('with names below'),
    expires === undefined ? l10n.t('without an expiry')
      : l10n.t('until {0}', new Date(expires).toLocaleString(vscode.env.language)),
    ...secure ? ['Secure'] : [], ...httpOnly ? ['HttpOnly'] : [],
    ...sameSite ? [`SameSite=${sameSite[0]!.toUpperCase()}${sameSite.slice(1)}`] : [],
    ...partitioned ? ['Partitioned'] : [],
  ].join(' · ');
}
