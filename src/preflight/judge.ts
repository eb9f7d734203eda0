import { lastPart } from '../arn.ts';
import type { Answers } from './ask.ts';
import { judgeCapacity } from './capacity.ts';
import { type Check, merged } from './check.ts';
import { judgeImage } from './images.ts';
import type { Wanted } from './needed.ts';
import { judgeFile, judgeLogGroup, judgeParameter, judgeSecret, judgeStrange, versionKey } from './references.ts';
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
import type { Subject } from './subject.ts';
import { judgePortNames, judgeTargets } from './targets.ts';

/** Every answer as lines for people, in the order in which a deployment meets the things. */
export function judge(subject: Subject, wanted: Wanted, answers: Answers): Check[] {
  const { home } = wanted;
  const { fargate } = subject;
  return merged([
    judgeCluster(lastPart(wanted.cluster), answers.cluster),
    ...judgeService(subject),
    ...judgeSize(subject),
    ...judgePlatformVersion(subject),
    ...judgeExec(subject),
    ...judgeVolumes(subject),
    ...judgeNetwork(subject),
    ...judgeCapacity(subject, answers),
    ...wanted.roles.map((use) => judgeRole(use, answers.roles.get(use.arn), home)),
    ...judgeRights(wanted, answers.refusals),
    ...wanted.images.map((use) =>
      judgeImage(use, { image: answers.images.get(use.reference), instances: answers.instances }, subject),
    ),
    ...wanted.secrets.map((use) =>
      judgeSecret(use, { secret: answers.secrets.get(use.arn), keys: answers.secretKeys.get(versionKey(use)) }, home),
    ),
    ...wanted.parameters.map((use) => judgeParameter(use, answers.parameters.get(use.region), home)),
    ...wanted.strange.map(judgeStrange),
    ...wanted.files.map((use) => judgeFile(use, answers.files.get(use.arn))),
    ...wanted.logGroups.map((use) =>
      judgeLogGroup(
        use,
        {
          exists: answers.logGroups.get(`${use.region}:${use.name}`),
          refusals: answers.refusals.get(CREATE_LOG_GROUP),
        },
        { home, fargate },
      ),
    ),
    ...judgeHealth(subject),
    ...judgeTargets(subject, answers.targetGroups),
    ...judgePortNames(subject),
    ...judgeAlarms(wanted.alarms, answers.alarms),
  ]);
}
