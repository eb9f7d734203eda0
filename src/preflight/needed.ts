import { defined } from '../model.ts';
import { usesInstances } from './capacity.ts';
import { type ImageUse, imagesOf } from './images.ts';
import {
  type FileUse,
  filesOf,
  type InvalidReference,
  type LogGroupUse,
  logGroupsOf,
  type ParameterUse,
  type SecretUse,
  secretsOf,
} from './references.ts';
import { type Right, type RoleUse, rightsOf, rolesOf, rolesOfDefinition, rolesOfStrategy } from './roles.ts';
import { alarmsOf, isNew } from './service.ts';
import { type Home, homeOf, type PreflightSubject } from './subject.ts';
import { targetGroupsOf } from './targets.ts';

/** All that the task definition and the service refer to, by its owner; each thing once, but for secrets, which have places. */
export interface NeededResources {
  readonly home: Home;
  /** ARN. */
  readonly cluster: string;
  readonly roles: readonly RoleUse[];
  /** Of the execution role; nothing without one. */
  readonly executionRole?: RoleUse;
  readonly rights: readonly Right[];
  readonly images: readonly ImageUse[];
  readonly secrets: readonly SecretUse[];
  readonly parameters: readonly ParameterUse[];
  readonly invalid: readonly InvalidReference[];
  readonly logGroups: readonly LogGroupUse[];
  readonly files: readonly FileUse[];
  /** ARNs. */
  readonly targetGroups: readonly string[];
  /** Names. */
  readonly alarms: readonly string[];
  readonly instances: boolean;
  /** Names; none for Fargate. */
  readonly capacityProviders: readonly string[];
}

/** Roles that ECS itself takes, each once: an input and the service definition may name the same. */
function ofEcs(subject: PreflightSubject, home: Home): RoleUse[] {
  // An Express Mode service that exists keeps the role that it was created with.
  const { express, ...inputs } = subject.inputs;
  const given = rolesOfStrategy({ ...inputs, ...(isNew(subject.service) && express ? { express } : {}) });
  const known = new Set(given.map(({ arn }) => arn));
  return [...given, ...rolesOfDefinition(subject, home).filter(({ arn }) => !known.has(arn))];
}

export function neededResources(subject: PreflightSubject): NeededResources {
  const { definition, service } = subject;
  const home = homeOf(service);
  const roles = rolesOf(definition, home);
  const executionRole = roles.find(({ as }) => as.includes('execution role'));
  const hidden = secretsOf(definition, home);
  const secrets = hidden.filter((use) => use.kind === 'secret');
  const parameters = hidden.filter((use) => use.kind === 'parameter');
  const images = imagesOf(subject);
  const files = filesOf(definition);
  const logGroups = logGroupsOf(definition, home);
  const ours = executionRole?.account === home.account;
  return {
    home,
    cluster: service.clusterArn,
    roles: [...roles, ...ofEcs(subject, home)],
    ...defined({ executionRole }),
    rights: ours ? rightsOf({ secrets, parameters, images, files, logGroups }, home) : [],
    images,
    secrets,
    parameters,
    invalid: hidden.filter((use) => use.kind === 'invalid'),
    logGroups,
    files,
    targetGroups: targetGroupsOf(subject),
    alarms: alarmsOf(subject),
    instances: usesInstances(subject),
    capacityProviders: usesInstances(subject) ? service.capacityProviders : [],
  };
}
