import type { Inputs, Place, RecoveryInputs } from '../inputs/types.ts';
import type { Runner } from '../ports.ts';
import { HANDOVER_STATE } from '../states.ts';

/**
 * What post needs of main's inputs. The runner evaluates `with:` and `env:` again for post, and a later step may have changed
 * what they are made of; so post works with what main used. Secrets are not in it: state is a plain file.
 */
export interface Handover {
  readonly place: Place;
  readonly onCancel: RecoveryInputs['onCancel'];
}

/** Saved before main does anything that post may have to follow up. */
export const saveHandover = (
  { aws, service, github, recovery }: Pick<Inputs, 'aws' | 'service' | 'github' | 'recovery'>,
  { saveState }: Pick<Runner, 'saveState'>,
): void => {
  const { token: _, ...publicGithub } = github;
  const handover: Handover = {
    place: { aws: withoutExternalId(aws), service, github: publicGithub },
    onCancel: recovery.onCancel,
  };
  saveState(HANDOVER_STATE, JSON.stringify(handover));
};

/**
 * @param state reads a saved state by name
 * @param secrets what is not saved: the inputs of this step as the runner evaluates them now
 * @returns undefined when main ended before it had read its inputs
 */
export function handoverOf(
  state: (name: string) => string,
  secrets: { readonly token: string | undefined; readonly externalId: string | undefined },
): Handover | undefined {
  const saved = state(HANDOVER_STATE);
  if (saved === '') return undefined;
  const { place, onCancel }: Handover = JSON.parse(saved);
  const { role } = place.aws;
  return {
    onCancel,
    place: {
      ...place,
      aws: role && secrets.externalId ? { ...place.aws, role: { ...role, externalId: secrets.externalId } } : place.aws,
      github: secrets.token ? { ...place.github, token: secrets.token } : place.github,
    },
  };
}

function withoutExternalId(aws: Inputs['aws']): Inputs['aws'] {
  if (!aws.role) return aws;
  const { externalId: _, ...role } = aws.role;
  return { ...aws, role };
}
