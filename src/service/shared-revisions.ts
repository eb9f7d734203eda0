import type { Revision, Tags, TaskDefinition } from '../model.ts';
import type { Ecs } from '../ports.ts';
import { sameDefinition } from '../taskdef/diff.ts';

interface Registered {
  readonly definition: TaskDefinition;
  readonly tags: Tags;
  readonly made: Promise<Revision>;
  /** Services of this run that have it. */
  users: number;
}

/**
 * The port for several services of one run: what is registered for one of them is the revision of all that ask for an equal one, and
 * it is deregistered when the last of them gives it up.
 */
export function sharedRevisions(ecs: Ecs): Ecs {
  const registered: Registered[] = [];
  const shared: Pick<Ecs, 'registerTaskDefinition' | 'deregisterTaskDefinition'> = {
    async registerTaskDefinition(definition, tags) {
      const known = registered.find(
        (one) => JSON.stringify(one.tags) === JSON.stringify(tags) && sameDefinition(one.definition, definition),
      );
      if (known) {
        known.users++;
        return known.made;
      }
      const one: Registered = { definition, tags, made: ecs.registerTaskDefinition(definition, tags), users: 1 };
      registered.push(one);
      try {
        return await one.made;
      } catch (thrown) {
        registered.splice(registered.indexOf(one), 1);
        throw thrown;
      }
    },
    async deregisterTaskDefinition(arn) {
      for (const one of [...registered]) {
        const { arn: made } = await one.made.catch(() => ({ arn: undefined }));
        if (made !== arn) continue;
        if (--one.users > 0) return 'in-use';
        // A service that asks for an equal one from here on gets one of its own: this one becomes INACTIVE.
        registered.splice(registered.indexOf(one), 1);
      }
      return ecs.deregisterTaskDefinition(arn);
    },
  };
  // The port may be a Proxy, whose members a copy would not have.
  return Object.assign(Object.create(ecs) as Ecs, shared);
}
