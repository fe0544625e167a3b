/**
 * A function that resolves when the messages that wait have been taken. Faster than a timer, which browsers hold back by 4 ms, and
 * there in every browser, which `scheduler.yield` is not.
 */
export function createListenTurn(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
