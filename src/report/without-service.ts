import { lastPart, parseArn } from '../arn.ts';
import { defined } from '../model.ts';
import type { Outcome } from '../outcome.ts';
import { type About, placeText } from './about.ts';
import { type Gist, gistOf } from './gist.ts';
import { repairOf } from './next-step.ts';
import type { Page } from './summary.ts';

/** A run without a service that failed: a task, or a daemon. */
interface Alone {
  readonly outcome: Outcome;
  readonly about: About;
  /** `agent`, which the title begins with. */
  readonly name: string;
  /** `agent:2 failed` */
  readonly title: string;
  /** ARN of a thing in the cluster, or of the cluster. */
  readonly arn: string;
  /** What runs at the end of the run, where that is known. */
  readonly now?: string | undefined;
  /** The next step where the cause has none. */
  readonly again: string;
}

/** Its page, with the first screen that a failed deploy has: what failed, the telling words, one next step, links. */
export function pageAlone({ outcome, about, name, title, arn, now, again }: Alone): Page {
  const found = parseArn(arn);
  const cluster = clusterOf(arn);
  const at = found && cluster !== undefined ? { ...found, clusterArn: cluster } : undefined;
  const { next, ...gist } = gistOf(outcome, about, at);
  const hasRepair = repairOf(outcome, outcome.diagnoses[0], about) !== undefined;
  return {
    outcome,
    about,
    gist: {
      ...gist,
      title,
      where: whereAlone(name, arn),
      next: hasRepair && next ? next : { text: again },
      ...defined({ serving: now, done: outcome.done }),
    },
  };
}

/** `agent in production/eu-west-1`, of what is in the cluster of the ARN. */
function whereAlone(name: string, arn: string): string {
  const place = placeText(clusterOf(arn), parseArn(arn)?.region);
  return place === '' ? name : `${name} in ${place}`;
}

/** What a reader must know of a task or a daemon that went well, as the output `summary` has it. */
export const gistAlone = ({
  name,
  title,
  arn,
  what,
}: Pick<Alone, 'name' | 'title' | 'arn'> & { readonly what: string }): Gist => ({
  where: whereAlone(name, arn),
  title,
  what,
  links: [],
});

/** `production` of the ARN of a cluster, or of a task or a daemon in it. */
export function clusterOf(arn: string): string | undefined {
  const [, cluster] = (parseArn(arn)?.resource ?? '').split('/');
  return cluster === undefined || cluster === '' ? lastPart(arn) || undefined : cluster;
}
