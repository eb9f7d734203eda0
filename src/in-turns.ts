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
  for (let at = 0; at < items.length; at += size)
    answers.push(...(await Promise.all(items.slice(at, at + size).map(ask))));
  return answers;
}
