import type { Outcome } from '../outcome.ts';
import { serviceLink } from './links.ts';

/** Outputs of the step for as much as is known; what is not known yet is left out. */
export function outputsOf(known: Partial<Outcome>): Record<string, string> {
  const { image, service, revision, previous, deployment } = known;
  return {
    ...(image
      ? {
          image: image.reference,
          'image-digest': image.digest ?? '',
          'image-tags': image.tags.join('\n'),
          metadata: JSON.stringify(image.metadata ?? {}),
        }
      : {}),
    ...(revision ? { 'task-definition-arn': revision.arn } : {}),
    ...(previous ? { 'previous-task-definition-arn': previous.arn } : {}),
    ...(deployment ? { 'deployment-id': deployment.id } : {}),
    ...(known.serviceDeploymentArn ? { 'service-deployment-arn': known.serviceDeploymentArn } : {}),
    ...(service ? { url: serviceLink(service.arn, service.clusterArn) } : {}),
    ...(known.kind ? { outcome: known.kind, summary: JSON.stringify(shortSummary(known)) } : {}),
  };
}

/** The output `summary`: a small, stable shape for scripts. */
function shortSummary(known: Partial<Outcome>) {
  const [cause] = known.diagnoses ?? [];
  return {
    version: 1,
    outcome: known.kind,
    headline: known.headline,
    service: known.service?.name,
    taskDefinition: known.revision?.arn,
    previousTaskDefinition: known.previous?.arn,
    image: known.image?.reference,
    deployment: known.deployment?.id,
    ...(cause
      ? { cause: { rule: cause.rule, cause: cause.cause, remedy: cause.remedy, evidence: cause.evidence.text } }
      : {}),
  };
}
