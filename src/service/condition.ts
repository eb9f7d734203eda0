import type { ServiceState } from '../model.ts';
import type { ServiceCondition } from '../outcome.ts';
import { primaryOf } from './deployment.ts';

/** How a service is, by what ECS counts of it. */
export function conditionOf(service: ServiceState): ServiceCondition {
  const { status, desiredCount, runningCount, schedulingStrategy } = service;
  if (status !== 'ACTIVE') return 'gone';
  const primary = primaryOf(service);
  if (primary?.rolloutState === 'FAILED') return 'failed';
  if (primary?.rolloutState === 'IN_PROGRESS') return 'deploying';
  // Of a daemon ECS decides how many there are to be.
  if (desiredCount === 0 && schedulingStrategy !== 'DAEMON') return 'stopped';
  return runningCount < desiredCount ? 'short' : 'steady';
}
