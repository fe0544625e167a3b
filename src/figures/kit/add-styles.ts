/** Adds style sheets to the page that come with a figure's code; each once. */
export function addStyles(...addresses: readonly string[]): void {
  for (const address of addresses) {
    if (document.head.querySelector(`link[href="${CSS.escape(address)}"]`)) continue;
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = address;
    document.head.append(link);
  }
}
