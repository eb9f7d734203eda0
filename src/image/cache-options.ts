/** A cache as --cache-from and --cache-to take it. Pure. */

import { parseEcrHost, readReference } from './reference.ts';

/** `type=gha,mode=max` -> `gha`; a bare reference is a registry's. */
export const typeOf = (value: string): string => {
  const type = /(?:^|,)type=([^,]*)/.exec(value)?.[1];
  return type ?? (value.includes('=') ? '' : 'registry');
};

/** The attributes of a cache, `type=s3,bucket=b`; of one without `=` the value is undefined. */
export const fieldsOf = (value: string): readonly (readonly [name: string, value: string | undefined])[] =>
  value.split(',').map((field) => {
    const equals = field.indexOf('=');
    return equals < 0 ? [field, undefined] : [field.slice(0, equals), field.slice(equals + 1)];
  });

/** Types that know `ignore-error`. */
const IGNORES_ERRORS = ['registry', 'local', 'gha', 's3', 'azblob'];

/**
 * A cache that cannot be written does not fail a release, whatever its type; and ECR takes a cache only as an image manifest.
 * What the user sets stays. https://docs.docker.com/build/cache/backends/registry/
 */
export function harmless(value: string): string {
  // What it means, though buildx takes a word without a type for a reference.
  if (value === 'inline') return 'type=inline';
  const type = typeOf(value);
  if (!IGNORES_ERRORS.includes(type)) return value;
  const whole = value.includes('=') ? value : `type=registry,ref=${value}`;
  const fields = new Map(fieldsOf(whole));
  const ref = type === 'registry' ? fields.get('ref') : undefined; // without one, buildx says what it needs
  // Of a reference that cannot be read there is none; the build reports it.
  const host = ref === undefined ? undefined : readReference(ref)?.host;
  const needed = {
    ...(host && parseEcrHost(host) ? { 'image-manifest': 'true', 'oci-mediatypes': 'true' } : {}),
    'ignore-error': 'true',
  };
  return [whole, ...Object.entries(needed).flatMap(([key, set]) => (fields.has(key) ? [] : [`${key}=${set}`]))].join(
    ',',
  );
}
