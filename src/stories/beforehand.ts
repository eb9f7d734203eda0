import type { Image } from '../image/image.ts';
import type { Inputs } from '../inputs/types.ts';
import type { TaskDefinition } from '../model.ts';
import type { World } from '../ports.ts';
import type { Check } from '../preflight/check.ts';
import type { Account } from '../report/account.ts';
import { tellChecks } from '../report/plan.ts';
import type { Present } from './survey.ts';

export interface Ahead {
  readonly present: Pick<Present, 'service' | 'fargate'>;
  /** What is to be registered or deployed. */
  readonly definition: TaskDefinition;
  /** Of this run, where it is there already. */
  readonly image?: Image;
  /** Reference that stands for an image that is still being built. */
  readonly standIn?: string;
}

/**
 * The preflight, read aloud: everything that the tasks will need is looked at before anything is changed. Nothing where the user
 * does not want it. Its room is loaded for that alone. A plan reads the lines aloud itself, beside those of the build.
 */
export async function lookAhead(
  { present: { service, fargate }, definition, image, standIn }: Ahead,
  inputs: Inputs,
  world: World,
  account: Account,
): Promise<readonly Check[]> {
  if (!inputs.preflight) return [];
  const { preflight } = await import('../preflight/preflight.ts');
  const subject = {
    definition,
    service,
    inputs: inputs.service,
    fargate,
    ...(image ? { image } : {}),
    ...(standIn === undefined ? {} : { standIn }),
  };
  const checks = await preflight(subject, world);
  account.step(`preflight: ${countsOf(checks)}`);
  if (inputs.mode !== 'plan') tellChecks(world.console, checks);
  return checks;
}

function countsOf(checks: readonly Check[]): string {
  const words = { ok: 'ok', warn: 'to be looked at', skip: 'skipped', bad: 'bad' } as const;
  const count = (wanted: Check['status']): number => checks.filter(({ status }) => status === wanted).length;
  return (['ok', 'warn', 'skip', 'bad'] as const)
    .flatMap((status) => (count(status) > 0 ? [`${count(status)} ${words[status]}`] : []))
    .join(', ');
}
