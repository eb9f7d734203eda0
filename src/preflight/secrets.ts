import { parseArn } from '../arn.ts';
import type { Secret, SecretKeys, SecretVersion } from '../resources.ts';
import { didYouMean } from '../spelling.ts';
import { asObjects, containersOf } from '../taskdef/template.ts';
import type { Json, JsonObject } from '../world.ts';
import { type Answer, bad, type Check, ok, skip, unanswered, warn } from './check.ts';
import { elsewhere, type Home, nameOf, objectOf, textOf } from './subject.ts';

/** Where in the task definition something secret is asked for: `container app, DB_PASSWORD`. Never a value. */
interface Place {
  readonly where: string;
  readonly from: string;
}

export interface SecretUse extends SecretVersion {
  readonly kind: 'secret';
  readonly where: string;
  readonly region: string;
  readonly account: string;
  readonly jsonKey?: string;
}
export interface ParameterUse {
  readonly kind: 'parameter';
  readonly where: string;
  /** As the task definition writes it. */
  readonly from: string;
  /** An ARN does not tell `name` from `/name`: either may be meant. */
  readonly names: readonly string[];
  readonly region: string;
  readonly account: string;
}
/** A `valueFrom` that is neither. */
export interface StrangeUse {
  readonly kind: 'strange';
  readonly where: string;
  readonly from: string;
}

/** Secrets and parameters of all containers: environment, log driver, private registries, file shares. */
export function secretsOf(definition: JsonObject, home: Home): (SecretUse | ParameterUse | StrangeUse)[] {
  const places = [
    ...containersOf(definition).flatMap(placesOf),
    ...asObjects(definition.volumes).flatMap((volume) => {
      const share = objectOf(objectOf(volume.fsxWindowsFileServerVolumeConfiguration).authorizationConfig);
      return place(`volume ${nameOf(volume)}`, share.credentialsParameter);
    }),
  ];
  return places.map((one) => useOf(one, home));
}

function placesOf(container: JsonObject): Place[] {
  const name = `container ${nameOf(container)}`;
  const log = asObjects(objectOf(container.logConfiguration).secretOptions);
  return [
    ...asObjects(container.secrets).flatMap((secret) => place(`${name}, ${nameOf(secret)}`, secret.valueFrom)),
    ...log.flatMap((secret) => place(`${name}, log option ${nameOf(secret)}`, secret.valueFrom)),
    ...place(`${name}, repositoryCredentials`, objectOf(container.repositoryCredentials).credentialsParameter),
  ];
}

function place(where: string, value: Json | undefined): Place[] {
  const from = textOf(value);
  return from === undefined ? [] : [{ where, from }];
}

/**
 * A secret's ARN may go on with `:json-key:version-stage:version-id`, each of them perhaps empty; a parameter is an ARN, or a
 * name in the service's region, perhaps with `:version` or `:label`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
function useOf({ where, from }: Place, home: Home): SecretUse | ParameterUse | StrangeUse {
  const arn = parseArn(from);
  if (arn?.service === 'secretsmanager') {
    const [kind, name, jsonKey, stage, versionId] = arn.resource.split(':');
    if (kind !== 'secret' || !name) return { kind: 'strange', where, from };
    return {
      kind: 'secret',
      where,
      arn: `arn:${arn.partition}:secretsmanager:${arn.region}:${arn.account}:secret:${name}`,
      region: arn.region,
      account: arn.account,
      ...(jsonKey ? { jsonKey } : {}),
      ...(stage ? { stage } : {}),
      ...(versionId ? { versionId } : {}),
    };
  }
  if (arn?.service === 'ssm' && arn.resource.startsWith('parameter/')) {
    const [name = ''] = arn.resource.slice('parameter/'.length).split(':');
    const names = name.includes('/') ? [`/${name}`] : [name, `/${name}`];
    return { kind: 'parameter', where, from, names, region: arn.region, account: arn.account };
  }
  if (arn || from.startsWith('arn:')) return { kind: 'strange', where, from };
  return {
    kind: 'parameter',
    where,
    from,
    names: [from.split(':')[0] ?? from],
    region: home.region,
    account: home.account,
  };
}

/** Which value of a secret: for asking once what several keys of it need. */
export const versionKey = ({ arn, stage = '', versionId = '' }: SecretVersion): string =>
  `${arn}:${stage}:${versionId}`;

const nameOfSecret = ({ arn }: SecretVersion): string => `secret ${arn.slice(arn.lastIndexOf(':') + 1)}`;

/** One line a place of use, so that a wrong key is found where it stands. */
export function judgeSecret(
  use: SecretUse,
  answers: {
    readonly secret: Answer<Secret | undefined> | undefined;
    /** For a JSON key alone. */
    readonly keys: Answer<SecretKeys> | undefined;
  },
  home: Home,
): Check {
  const subject = `${nameOfSecret(use)} (${use.where})`;
  const away = elsewhere(use.account, home);
  if (away) return skip(subject, away);
  if (answers.secret?.kind !== 'found') {
    // Whoever may read the value knows enough, without the right to describe it.
    if (answers.keys?.kind === 'found') return judgeKey(use, subject, answers.keys);
    return unanswered(nameOfSecret(use), answers.secret);
  }
  const secret = answers.secret.value;
  if (!secret) {
    return bad(
      subject,
      `there is no secret ${use.arn}.`,
      `Create it in ${use.region}, or correct its ARN in the template or in the input \`secrets\`.`,
    );
  }
  if (secret.deleted) {
    return bad(
      subject,
      'is scheduled for deletion, so no task can read it.',
      `Restore it (aws secretsmanager restore-secret --secret-id ${use.arn} --region ${use.region}).`,
    );
  }
  return versionProblem(use, secret, subject) ?? judgeKey(use, subject, answers.keys);
}

/** What ECS asks for without stage and id. */
const CURRENT = 'AWSCURRENT';

function versionProblem(
  { stage, versionId, arn }: SecretUse,
  { versions }: Secret,
  subject: string,
): Check | undefined {
  const stages = [...new Set(Object.values(versions).flat())].sort();
  if (versionId !== undefined) {
    const found = versions[versionId];
    // Versions without a stage are deprecated and not listed, though they can be read.
    if (!found) {
      return warn(subject, `its version ${versionId} has no stage, or is not there.`, 'Look at the version id.');
    }
    return stage !== undefined && !found.includes(stage)
      ? bad(
          subject,
          `its version ${versionId} is not ${stage}.`,
          `It is ${found.join(', ')}: name one of the two only.`,
        )
      : undefined;
  }
  const wanted = stage ?? CURRENT;
  if (stages.includes(wanted)) return undefined;
  if (stages.length === 0 || stage === undefined) {
    return bad(
      subject,
      'has no value yet.',
      `Give it one (aws secretsmanager put-secret-value --secret-id ${arn} --secret-string file://...).`,
    );
  }
  const meant = didYouMean(wanted, stages);
  const remedy = meant ? `Did you mean ${meant}?` : `It has ${stages.join(', ')}.`;
  return bad(subject, `no version of it has the stage ${wanted}.`, remedy);
}

function judgeKey(
  { jsonKey, versionId, stage }: SecretUse,
  subject: string,
  answer: Answer<SecretKeys> | undefined,
): Check {
  const version = versionId ?? stage ?? CURRENT;
  if (jsonKey === undefined) return ok(subject, `exists, with a version ${version}.`);
  if (answer?.kind !== 'found') {
    return unanswered(`key ${jsonKey} of ${subject}`, answer);
  }
  const found = answer.value;
  switch (found.kind) {
    case 'none':
      return bad(subject, `has no value in version ${version}.`, 'Put a value, or correct the version in `valueFrom`.');
    case 'no-object':
      return bad(
        subject,
        `its value is no JSON object, so it has no key ${jsonKey}.`,
        `Leave the key out of \`valueFrom\` to get the whole value, or store a JSON object.`,
      );
    case 'keys': {
      if (found.keys.includes(jsonKey)) return ok(subject, `exists, with the key ${jsonKey}.`);
      const meant = didYouMean(jsonKey, found.keys);
      const remedy = meant
        ? `Did you mean \`${meant}\`?`
        : `It has ${found.keys.length > 0 ? `the keys ${found.keys.slice(0, 20).join(', ')}` : 'no keys'}.`;
      return bad(subject, `its value has no key ${jsonKey}.`, remedy);
    }
  }
}

/** AWS's own, among them the window into Secrets Manager: DescribeParameters lists none of them. */
const RESERVED = '/aws/';

export function judgeParameter(use: ParameterUse, answer: Answer<readonly string[]> | undefined, home: Home): Check {
  const name = use.names[0] ?? use.from;
  const subject = `parameter ${name} (${use.where})`;
  const away = elsewhere(use.account, home);
  if (away) return skip(subject, away);
  if (name.startsWith(RESERVED)) return skip(subject, "is one of AWS's own, which are not listed; not checked.");
  if (answer?.kind !== 'found') return unanswered(`parameter ${name}`, answer);
  if (use.names.some((one) => answer.value.includes(one))) return ok(subject, 'exists.');
  return bad(
    subject,
    `there is no parameter ${name} in ${use.region}.`,
    `Create it (aws ssm put-parameter --type SecureString --name ${name} --region ${use.region} --value ...), or correct it in the template or in the input \`secrets\`.`,
  );
}

export const judgeStrange = ({ where, from }: StrangeUse): Check =>
  bad(
    where,
    `\`${from}\` is neither a secret nor a parameter.`,
    'Give the ARN of a Secrets Manager secret (perhaps with `:json-key:version-stage:version-id`) or of an SSM parameter.',
  );
