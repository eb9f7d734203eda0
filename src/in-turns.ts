/**
 * Asks for each item, `size` of them side by side, in their order: services of AWS limit the calls of an account.
 * @returns the answers in the order of the items
 * @throws the first failure; the groups after it are not asked for
 */
export async function inTurns<Item, T>(
  items: readonly Item[],
  size: number,
  ask: (item: Item) => Promise<T>,
): Promise<T[]> {
  const answers: T[] = [];
  const waiting = [...items];
  while (waiting.length > 0) answers.push(...(await Promise.all(waiting.splice(0, size).map(ask))));
  return answers;
}
