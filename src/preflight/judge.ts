import { lastPart } from '../arn.ts';
import type { Answers } from './ask.ts';
import { judgeCapacity } from './capacity.ts';
import { type Check, mergeDenied } from './check.ts';
import { judgeImage } from './images.ts';
import type { NeededResources } from './needed.ts';
import { judgeFile, judgeInvalid, judgeLogGroup, judgeParameter, judgeSecret, versionKey } from './references.ts';
import { CREATE_LOG_GROUP, judgeRights, judgeRole } from './roles.ts';
import {
  judgeAlarms,
  judgeCluster,
  judgeExec,
  judgeHealth,
  judgeNetwork,
  judgePlatformVersion,
  judgeService,
  judgeSize,
  judgeVolumes,
} from './service.ts';
import type { PreflightSubject } from './subject.ts';
import { judgePortNames, judgeTargets } from './targets.ts';

/** Every answer as lines of the log, in the order in which a deployment meets the things. */
export function judge(subject: PreflightSubject, needed: NeededResources, answers: Answers): Check[] {
  const { home } = needed;
  const { fargate } = subject;
  return mergeDenied([
    judgeCluster(lastPart(needed.cluster), answers.cluster),
    ...judgeService(subject),
    ...judgeSize(subject),
    ...judgePlatformVersion(subject),
    ...judgeExec(subject),
    ...judgeVolumes(subject),
    ...judgeNetwork(subject),
    ...judgeCapacity(subject, answers),
    ...needed.roles.map((use) => judgeRole(use, answers.roles.get(use.arn), home)),
    ...judgeRights(needed, answers.refusals),
    ...needed.images.map((use) =>
      judgeImage(use, { image: answers.images.get(use.reference), instances: answers.instances }, subject),
    ),
    ...needed.secrets.map((use) =>
      judgeSecret(use, { secret: answers.secrets.get(use.arn), keys: answers.secretKeys.get(versionKey(use)) }, home),
    ),
    ...needed.parameters.map((use) => judgeParameter(use, answers.parameters.get(use.region), home)),
    ...needed.invalid.map(judgeInvalid),
    ...needed.files.map((use) => judgeFile(use, answers.files.get(use.arn))),
    ...needed.logGroups.map((use) =>
      judgeLogGroup(
        use,
        {
          exists: answers.logGroups.get(`${use.region}:${use.name}`),
          refusals: answers.refusals.get(CREATE_LOG_GROUP),
          names: answers.logGroupNames?.get(`${use.region}:${use.name}`),
        },
        { home, fargate },
      ),
    ),
    ...judgeHealth(subject),
    ...judgeTargets(subject, answers.targetGroups),
    ...judgePortNames(subject),
    ...judgeAlarms(needed.alarms, answers, home),
  ]);
}
