/** The characters after which completion may open by itself; which of them do where depends on the place. */
export const triggerCharacters = ['{', '@', '$', '.', '/', ':', ' ', '#', ';', ',', '-'] as const;
