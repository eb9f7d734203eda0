import { asFailure } from '../failure.ts';

/** Questions whose answer is a help, not a need: a denial is remembered, a refusal costs knowledge and never the deploy. */
export class Optional {
  readonly denied = new Set<string>();
  readonly #unknown = new Set<string>();
  slowed = false;

  async ask<T>(action: string, question: () => Promise<T>): Promise<T | undefined> {
    if (this.denied.has(action) || this.#unknown.has(action)) return undefined;
    try {
      return await question();
    } catch (thrown) {
      const failure = asFailure(thrown);
      switch (failure.code) {
        case 'ACCESS_DENIED':
          this.denied.add(action);
          return undefined;
        case 'THROTTLED':
        case 'UNAVAILABLE':
          this.slowed = true;
          return undefined;
        case 'REFUSED':
        case 'NOT_FOUND':
          // Not in this partition, not for this kind of service, or gone in this moment.
          if (failure.code === 'REFUSED') this.#unknown.add(action);
          return undefined;
        default:
          throw failure;
      }
    }
  }
}
