import type { BuildInputs } from '../inputs/types.ts';
import { defined } from '../model.ts';
import { type Knowledge, secretArgument } from './secret-arguments.ts';

/**
 * How much provenance is attached. buildx attaches `mode=min` by default, which has no build argument; `max` has the value of
 * each one, and everybody who may pull the image can read it. An image for everybody (public ECR) gets `max`, as with
 * docker/build-push-action, and none gets it while an argument is, holds or looks like a secret.
 * https://docs.docker.com/build/metadata/attestations/slsa-provenance/
 */
export function withSafeProvenance(
  build: BuildInputs,
  isPublic: boolean,
  knowledge: Knowledge,
): { readonly build: BuildInputs; readonly note?: string } {
  const secret = build.buildArgs
    .map((setting) => secretArgument(setting, knowledge))
    .find((name) => name !== undefined);
  const attests = build.tuning.attests.filter((one) => typeOf(one) === 'provenance');
  const asked = build.provenance ?? attests[0];
  if (asked === undefined) {
    // Inline: the image alone, no file beside an export of another kind.
    return { build: isPublic && secret === undefined ? { ...build, provenance: 'mode=max,inline-only=true' } : build };
  }
  if (secret === undefined || !isMax(asked)) return { build };
  const reduce = (one: string): string =>
    [...one.split(',').filter((field) => !/^(?:true|mode=max)$/i.test(field)), 'mode=min'].join(',');
  return {
    build: {
      ...build,
      ...defined({ provenance: build.provenance && reduce(build.provenance) }),
      tuning: {
        ...build.tuning,
        attests: build.tuning.attests.map((one) => (typeOf(one) === 'provenance' ? reduce(one) : one)),
      },
    },
    note: `The provenance is attached with mode=min: with mode=max the build argument ${secret}, which is or looks like a secret, would be in the image for everybody who pulls it. Secrets belong into \`build-secrets\`.`,
  };
}

const typeOf = (attestation: string): string | undefined => /(?:^|,)type=(\w+)/.exec(attestation)?.[1];

/** Without a mode, BuildKit takes max. */
const isMax = (text: string): boolean => !/^false$|\bdisabled=true\b|\bmode=min\b/i.test(text);
