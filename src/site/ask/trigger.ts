/** Opens the panel that asks the page. Fetches nothing before the reader presses; what cannot be fetched is said on the button, which can be pressed again. */
const askButton = document.querySelector<HTMLElement>('[data-ask]');

askButton?.addEventListener('click', () => {
  import('./open.ts')
    .then(({ openAsk }) => openAsk(askButton))
    .catch(() => (askButton.textContent = askButton.dataset['lost'] ?? ''));
});

export {};
