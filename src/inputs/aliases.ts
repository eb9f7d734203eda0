import type { InputName } from './known.ts';

/** `[{"key": "team", "value": "web"}]` or `team=web` per line: no tag of an image has a `=` or a `{`. */
const RESOURCE_TAGS = /^\s*\[\s*\{|^[^\n]*=/;

/**
 * Names that mean the same as others here: those of the step aws-actions/amazon-ecs-deploy-express-service, so that its `with:` works
 * as it is. Its `tags` are tags of the service; where they look like those of an image, they are.
 */
export function withAliases(raw: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const has = (name: InputName): boolean => (raw.get(name) ?? '').trim() !== '';
  const named = new Map(raw);
  const serviceName = raw.get('service-name');
  if (serviceName !== undefined && !has('service')) named.set('service', serviceName);
  const tags = raw.get('tags');
  const express = has('infrastructure-role-arn') || /^true$/i.test((raw.get('express') ?? '').trim());
  if (tags !== undefined && express && !has('express-tags') && RESOURCE_TAGS.test(tags)) {
    named.delete('tags');
    named.set('express-tags', tags);
  }
  return named;
}
