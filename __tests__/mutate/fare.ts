/** A module for the test of `npm run mutate`: its own tests leave one boundary open on purpose. */
export function fareOf(age: number, isMember: boolean): number {
  if (age < 0) throw new RangeError('An age is not negative.');
  if (age < 6) return 0;
  return isMember && age >= 65 ? 2 : 4;
}
