import type { SimClock } from '../../clock.ts';
import {
  ApiException,
  client,
  invalid,
  lastSegment,
  limited,
  lookUp,
  type Operations,
  page,
  strings,
} from '../../wire/service.ts';
import type { Rollouts } from '../rollout.ts';
import type { HookRun, SimService, SimServiceDeployment } from '../state.ts';
import type { TaskDefinitions } from '../task-definitions.ts';
import type { Services } from './services.ts';
import { briefServiceDeployment, describeRevision, describeServiceDeployment, revisionArn } from './views.ts';

export interface DeploymentsParts {
  readonly clock: SimClock;
  readonly services: Services;
  readonly rollouts: Rollouts;
  readonly taskDefinitions: TaskDefinitions;
}

/** History of service deployments that AWS keeps. */
const KEPT_SECONDS = 90 * 86_400;

interface Found {
  readonly service: SimService;
  readonly rollout: SimServiceDeployment;
}

/** Service deployments and service revisions. */
export function deploymentOperations({ clock, services, rollouts, taskDefinitions }: DeploymentsParts): Operations {
  const find = (arn: unknown): Found | undefined => {
    const [, , , , , path = ''] = String(arn).split(':');
    const id = lastSegment(path);
    for (const service of services.all.values()) {
      const rollout = service.serviceDeployments.find((one) => one.id === id);
      if (rollout && path.startsWith('service-deployment/')) return { service, rollout };
    }
    return undefined;
  };
  const need = (arn: unknown): Found => {
    const found = find(arn);
    if (found) return found;
    throw new ApiException('ServiceDeploymentNotFoundException', 'Service deployment not found.');
  };

  return {
    ListServiceDeployments: (input, context) => {
      const service = services.find(input.cluster, input.service, context);
      const { after = 0, before = Number.POSITIVE_INFINITY } = (input.createdAt ?? {}) as Record<string, number>;
      const statuses = strings(input.status);
      const now = clock.now();
      const { stale } = service;
      const all =
        stale && now < stale.until
          ? (stale.serviceDeployments as ReturnType<typeof briefServiceDeployment>[])
          : service.serviceDeployments.map((one) => briefServiceDeployment(service, one));
      const shown = all.filter(
        ({ createdAt, status }) =>
          createdAt >= after &&
          createdAt <= before &&
          now - createdAt < KEPT_SECONDS &&
          (statuses.length === 0 || statuses.includes(status)),
      );
      const [serviceDeployments, next] = page(shown.reverse(), input, { usual: 20 });
      return { serviceDeployments, ...next };
    },
    DescribeServiceDeployments: ({ serviceDeploymentArns }) => {
      const arns = limited(serviceDeploymentArns, 20, 'Service deployment ARNs');
      const { found, failures } = lookUp(arns, find);
      return {
        serviceDeployments: found.map(({ service, rollout }) => describeServiceDeployment(service, rollout)),
        failures,
      };
    },
    DescribeServiceRevisions: ({ serviceRevisionArns }) => {
      const arns = limited(serviceRevisionArns, 20, 'Service revision ARNs');
      const { found, failures } = lookUp(arns, (arn) => {
        for (const service of services.all.values()) {
          const rollout = service.serviceDeployments.find(({ target }) => revisionArn(service, target) === arn);
          if (rollout) return { service, rollout };
        }
        return undefined;
      });
      return {
        serviceRevisions: found.map(({ service, rollout: { target } }) =>
          describeRevision(service, target, taskDefinitions.find(target.taskDefinition).definition),
        ),
        failures,
      };
    },
    StopServiceDeployment: ({ serviceDeploymentArn, stopType = 'ROLLBACK' }) => {
      const { service, rollout } = need(serviceDeploymentArn);
      services.remember(service);
      if (!rollouts.stop(service, rollout, stopType === 'ABORT' ? 'ABORT' : 'ROLLBACK')) {
        throw new ApiException('ConflictException', 'The service deployment is not in a state that can be stopped.');
      }
      return { serviceDeploymentArn };
    },
    ContinueServiceDeployment: ({ serviceDeploymentArn, hookId, action = 'CONTINUE' }) => {
      const { rollout } = need(serviceDeploymentArn);
      const hook = rollout.hooks.find((one) => one.hookId === hookId);
      if (!hook) throw invalid(`The lifecycle hook ${String(hookId)} does not exist in the service deployment.`);
      if (!isWaiting(rollout, hook)) throw client('The lifecycle hook is not awaiting an action.');
      rollouts.continue(hook, action === 'ROLLBACK' ? 'ROLLBACK' : 'CONTINUE');
      return { serviceDeploymentArn };
    },
  };
}

const isWaiting = ({ status }: SimServiceDeployment, hook: HookRun): boolean =>
  status === 'IN_PROGRESS' && hook.status === 'AWAITING_ACTION';
