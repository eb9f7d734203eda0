import { parseArn } from '../arn.ts';
import type { JsonObject } from '../model.ts';
import { asObjects, containersOf } from '../taskdef/template.ts';
import { type Answer, bad, type Check, ok, unanswered } from './check.ts';
import { nameOf, objectOf, textOf } from './subject.ts';

/** A file in S3 that containers read at their start, once. */
export interface FileUse {
  readonly arn: string;
  readonly bucket: string;
  readonly key: string;
  /** `environment file of app`. */
  readonly as: readonly string[];
}

/** Environment files, and the configuration of a FireLens router. */
export function filesOf(definition: JsonObject): FileUse[] {
  const uses = containersOf(definition).flatMap((container) => {
    const name = nameOf(container);
    const router = objectOf(objectOf(container.firelensConfiguration).options);
    const configuration = router['config-file-type'] === 's3' ? textOf(router['config-file-value']) : undefined;
    return [
      ...asObjects(container.environmentFiles).flatMap(({ value }) => {
        const arn = textOf(value);
        return arn === undefined ? [] : [{ arn, as: `environment file of ${name}` }];
      }),
      ...(configuration === undefined ? [] : [{ arn: configuration, as: `FireLens configuration of ${name}` }]),
    ];
  });
  return [...Map.groupBy(uses, ({ arn }) => arn)].flatMap(([arn, same]) => {
    const { service, resource = '' } = parseArn(arn) ?? {};
    const slash = resource.indexOf('/');
    // What is no object's ARN the checks of the task definition tell.
    if (service !== 's3' || slash < 1) return [];
    return [{ arn, bucket: resource.slice(0, slash), key: resource.slice(slash + 1), as: same.map(({ as }) => as) }];
  });
}

export function judgeFile({ arn, bucket, key, as }: FileUse, answer: Answer<boolean> | undefined): Check {
  const subject = `file s3://${bucket}/${key}`;
  if (answer?.kind !== 'found') return unanswered(subject, answer);
  if (answer.value) return ok(subject, `exists (${as.join(', ')}).`);
  return bad(
    subject,
    `there is no object ${arn} (${as.join(', ')}), so the task could not start.`,
    'Upload it, or correct its ARN in the template or in the input `env-files`.',
  );
}
